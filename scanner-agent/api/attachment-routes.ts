import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { BlobStore } from '../ports/store.ts';
import type { ReadAttachment } from '../services/records/read-attachment.ts';
import type { AttachFiles } from '../services/records/attach-files.ts';
import type { Serve } from './serve.ts';
import type { UploadDoor } from './upload-door.ts';

export interface AttachmentServices {
  attachFiles: AttachFiles;
  readAttachment: ReadAttachment;
  blobs: Pick<BlobStore, 'room'>;
  door: UploadDoor;
}

/** Files of a record that are kept as they are. */
export function addAttachmentRoutes(
  serve: Serve,
  { attachFiles, readAttachment, blobs, door }: AttachmentServices,
): void {
  serve(
    agentRoutes.attach,
    ({ params, query: { revision, name }, body: bytes }) =>
      attachFiles.add(params, { revision, name, bytes }),
    {
      before({ params, request, reply }) {
        door.refuseTooLarge(request);
        attachFiles.refuseNoPlace(params);
        if (blobs.room().isShort) throw new AppError('STORE_FULL');
        door.enter(reply);
      },
    },
  );
  serve(agentRoutes.readAttachment, ({ params }) => readAttachment(params));
  serve(agentRoutes.removeAttachment, ({ params, query: { revision } }) =>
    attachFiles.remove(params, { revision, sha: params.sha }),
  );
  serve(agentRoutes.attachment, ({ params }) => attachFiles.read(params));
}
