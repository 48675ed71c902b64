import { AppError } from '#domain/errors/app-error.ts';
import type { Material } from '#domain/record/schema.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { StoredRecord } from '../../ports/case-rows.ts';
import type { SealVerifier } from '../../ports/seal-verifier.ts';

export interface SealedMaterial {
  material: Material;
  pdfSha: string;
}

/** The material of this slot with its sealed file. Throws NOT_FOUND. */
export function materialIn({ record, materials }: StoredRecord, slot: string): SealedMaterial {
  const verified = materials.find((candidate) => candidate.slot === slot);
  const material = record.materials.find((candidate) => candidate.slot === slot);
  if (!verified || !material) throw new AppError('NOT_FOUND', { slot });
  return { material, pdfSha: verified.pdfSha };
}

/** A page's picture, taken out of the sealed PDF where the station did not send it by itself. Throws NOT_FOUND. */
export async function pictureOf(
  { blobs, seals }: { blobs: Pick<BlobStore, 'has' | 'read'>; seals: Pick<SealVerifier, 'picture'> },
  { material, pdfSha }: SealedMaterial,
  page: number,
): Promise<Uint8Array> {
  const sha = material.pages[page]?.sha;
  if (sha === undefined) throw new AppError('NOT_FOUND', { page });
  if (await blobs.has(sha)) return blobs.read(sha);
  const picture = await seals.picture(await blobs.read(pdfSha), sha);
  if (!picture) throw new AppError('NOT_FOUND', { page });
  return picture;
}
