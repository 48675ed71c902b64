/** What the record's own seal covers beside sealed papers: attachments, and pages without a sealed file of their own. */
import { getDocumentType, getSlot } from '#domain/catalogue/lookup.ts';
import { needsOf } from '#domain/catalogue/record-kind.ts';
import type { Catalogue, DocumentType, RecordKind } from '#domain/catalogue/schema.ts';
import { misplacedAttachment, typeOfFile } from '#domain/record/attachments.ts';
import type { Checked, LudengRecord, Material } from '#domain/record/schema.ts';
import type { StoredItem } from '../../ports/item-rows.ts';
import { checkUnsealedMaterial } from './check-material.ts';
import type { Refusal } from './refusal.ts';

interface AttachmentQuestion {
  item: Pick<StoredItem, 'blobs'>;
  record: LudengRecord;
  kind: RecordKind;
  readBlob: (sha: string) => Promise<Uint8Array>;
}

/** Each is one that the kind has, came with the item, and is what it says it is. */
export async function checkAttachments(question: AttachmentQuestion): Promise<Refusal | undefined> {
  const { item, record, kind, readBlob } = question;
  const slots = kind.attachments ?? [];
  const misplaced = misplacedAttachment(record, slots);
  if (misplaced) return { code: 'BAD_REQUEST', about: misplaced.name };
  for (const { attachment, sha, size, mime } of record.attachments ?? []) {
    const about = slots.find(({ id }) => id === attachment)?.title ?? attachment;
    if (!item.blobs.some((blob) => blob.sha === sha && blob.role === 'attachment' && blob.size === size))
      return { code: 'HASH_MISMATCH', about };
    if (typeOfFile(await readBlob(sha)) !== mime) return { code: 'FILE_UNSUPPORTED', about };
  }
  return undefined;
}

interface LooseQuestion {
  item: Pick<StoredItem, 'blobs'>;
  record: LudengRecord;
  material: Material;
  kind: RecordKind;
  catalogue: Catalogue;
  pinned: ReadonlyMap<string, Catalogue>;
}
interface LooseAnswer {
  refusal?: Refusal;
  /** What the server reads again. */
  checked?: { material: Material & { checked: Checked }; documentType: DocumentType; catalogue: Catalogue };
}

/** A paper without a sealed file, where the kind asks for none. Its pages stand under the record's seal by their hashes. */
export function looseMaterial(question: LooseQuestion): LooseAnswer {
  const { item, record, material, kind, catalogue, pinned } = question;
  if (material.pages.length === 0) return {};
  const about = getSlot(kind, material.slot).title;
  const needs = needsOf(kind);
  if (needs.seal === 'material') return { refusal: { code: 'NOT_SEALED', about } };
  const hasPage = (sha: string) => item.blobs.some((blob) => blob.sha === sha && blob.role === 'page');
  if (!material.pages.every(({ sha }) => hasPage(sha))) return { refusal: { code: 'HASH_MISMATCH', about } };
  const { checked } = material;
  if (!checked) return needs.check === 'required' ? { refusal: { code: 'NOT_CHECKED', about } } : {};
  const own = pinned.get(checked.catalogueHash) ?? catalogue;
  const documentType = getDocumentType(own, material.certificate);
  const kept = { ...material, checked };
  const fault = checkUnsealedMaterial({ record, material: kept, title: about, documentType, catalogue: own });
  return fault ? { refusal: fault } : { checked: { material: kept, documentType, catalogue: own } };
}
