import type { RecordKind } from '#domain/catalogue/schema.ts';
import { maxPictureBytes } from '#domain/contracts/public/registration.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { acceptedType } from '#domain/record/attachments.ts';
import type { HeldFile, StoredDraft } from '../../ports/record-draft-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import { sha256 } from '../hashing.ts';
import type { DraftFiles } from '../registrations/draft-files.ts';
import type { StationSession } from '../stations/station-sessions.ts';
import { filesIn, slotOf } from './held-drafts.ts';

export interface FilePiece {
  id: string;
  slot: string;
  sha: string;
  name: string;
  size: number;
  off: number;
  buf: Uint8Array;
}

/** Files of drafts as stations send them: one at a time in each session, its pieces in their order. */
export function createReceivePieces({ files, clock }: { files: DraftFiles; clock: Pick<Clock, 'now'> }) {
  const underWay = new WeakMap<StationSession, { key: string; parts: Uint8Array[]; bytes: number }>();

  return {
    /**
     * The file, kept, with its last piece. Throws FILE_TOO_LARGE, HASH_MISMATCH, ATTACHMENT_FULL, ATTACHMENT_NOT_PICTURE,
     * NOT_FOUND for a slot that the kind does not have.
     */
    async take(
      session: StationSession,
      { id, slot: slotId, sha, name, size, off, buf }: FilePiece,
      { draft, kind }: { draft: StoredDraft; kind: RecordKind },
    ): Promise<HeldFile | undefined> {
      const slot = slotOf(kind, slotId);
      if (size > maxPictureBytes) throw new AppError('FILE_TOO_LARGE', { maxBytes: maxPictureBytes });
      const known = filesIn(draft, slotId);
      if (known.some((file) => file.sha === sha)) return undefined;
      if (known.length >= slot.maxFiles)
        throw new AppError('ATTACHMENT_FULL', { attachment: slot.title, maxFiles: slot.maxFiles });
      const key = JSON.stringify([id, slotId, sha]);
      const before = underWay.get(session);
      const held = off > 0 && before?.key === key ? before : { key, parts: [], bytes: 0 };
      if (held.bytes !== off || off + buf.length > size) {
        underWay.delete(session);
        throw new AppError('HASH_MISMATCH', { sha });
      }
      held.parts.push(buf);
      held.bytes += buf.length;
      if (held.bytes < size) {
        underWay.set(session, held);
        return undefined;
      }
      underWay.delete(session);
      const bytes = new Uint8Array(Buffer.concat(held.parts));
      if (sha256(bytes) !== sha) throw new AppError('HASH_MISMATCH', { sha });
      const mime = acceptedType(slot, bytes);
      return {
        ...{ attachment: slotId, sha, size, mime, name, addedAt: clock.now() },
        ...(await files.keep(bytes)),
      };
    },
  };
}
export type ReceivePieces = ReturnType<typeof createReceivePieces>;
