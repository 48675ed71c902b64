/** Pages, sealed files and attached files of records: stored here, or fetched from the server for a record that was entered elsewhere. */
import { hash } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import type { AttachedFile, LudengRecord, Material } from '#domain/record/schema.ts';
import type { FetchRecordFile } from '../../ports/link.ts';
import type { BlobStore, SyncStore } from '../../ports/store.ts';

export interface RecordFiles {
  /** Throws NOT_FOUND, FILE_DAMAGED, SERVER_UNREACHABLE. */
  page(record: LudengRecord, material: Material, index: number): Promise<Uint8Array>;
  /** Undefined: it is not sealed. */
  sealedFile(record: LudengRecord, material: Material): Promise<Uint8Array | undefined>;
  /** As it was given. */
  attached(record: LudengRecord, file: AttachedFile): Promise<Uint8Array>;
}

export function createRecordFiles({
  blobs,
  store,
  feed,
}: {
  blobs: Pick<BlobStore, 'has' | 'get' | 'put'>;
  store: Pick<SyncStore, 'nameFetchedBlob'>;
  feed: { fetchFile: FetchRecordFile };
}): RecordFiles {
  async function find(
    record: LudengRecord,
    wanted: { sha: string; mime: string; question: { slot: string; page?: number; attached?: string } },
  ): Promise<Uint8Array> {
    const { sha, mime, question } = wanted;
    if (blobs.has(sha) || !record.entered) return blobs.get(sha);
    const bytes = await feed.fetchFile({ recordId: record.id, ...question });
    if (hash('sha256', bytes) !== sha) throw new AppError('FILE_DAMAGED', { sha });
    await blobs.put(bytes, mime);
    store.nameFetchedBlob(record.id, sha);
    return bytes;
  }

  return {
    async page(record, { slot, pages }, index) {
      const page = pages[index];
      if (!page) throw new AppError('NOT_FOUND', { page: index });
      return find(record, { sha: page.sha, mime: 'image/jpeg', question: { slot, page: index } });
    },
    async sealedFile(record, { slot, seal }) {
      if (!seal) return undefined;
      return find(record, { sha: seal.pdfSha, mime: 'application/pdf', question: { slot } });
    },
    attached: (record, { attachment: slot, sha, mime }) =>
      find(record, { sha, mime, question: { slot, attached: sha } }),
  };
}
