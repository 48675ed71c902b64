/** Files that belong to a record and are kept, hashed, sent and shown, and never read: what may be one, and which are missing. */
import type { AttachmentFormat, AttachmentSlot } from '../catalogue/record-kind.ts';
import { AppError } from '../errors/app-error.ts';
import type { AttachedFile, LudengRecord } from './schema.ts';

const types = {
  'image/jpeg': { format: 'picture', magic: [0xff, 0xd8, 0xff] },
  'image/png': { format: 'picture', magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  'application/pdf': { format: 'pdf', magic: [0x25, 0x50, 0x44, 0x46, 0x2d] },
} as const satisfies Record<AttachedFile['mime'], { format: AttachmentFormat; magic: readonly number[] }>;

/** By its first bytes, whatever it is called; undefined: nothing that may be attached. */
export function typeOfFile(bytes: Uint8Array): AttachedFile['mime'] | undefined {
  return (Object.keys(types) as AttachedFile['mime'][]).find((mime) =>
    types[mime].magic.every((byte, index) => bytes[index] === byte),
  );
}

/** The type of a file that the slot takes, by its first bytes. Throws ATTACHMENT_NOT_PICTURE for any other. */
export function acceptedType(
  { accept, title }: Pick<AttachmentSlot, 'accept' | 'title'>,
  bytes: Uint8Array,
): AttachedFile['mime'] {
  const mime = typeOfFile(bytes);
  if (!mime || !accept.includes(formatOf(mime)))
    throw new AppError('ATTACHMENT_NOT_PICTURE', { label: title });
  return mime;
}

export const formatOf = (mime: AttachedFile['mime']): AttachmentFormat => types[mime].format;

export function filesOf(record: Pick<LudengRecord, 'attachments'>, slot: string): AttachedFile[] {
  return (record.attachments ?? []).filter(({ attachment }) => attachment === slot);
}

export function missingAttachments(
  record: Pick<LudengRecord, 'attachments'>,
  slots: readonly AttachmentSlot[],
): AttachmentSlot[] {
  return slots.filter(({ id, required }) => required && filesOf(record, id).length === 0);
}

/** The first file that the kind has no place for: of an attachment it does not know, of another format, or one too many. */
export function misplacedAttachment(
  record: Pick<LudengRecord, 'attachments'>,
  slots: readonly AttachmentSlot[],
): AttachedFile | undefined {
  const counts = new Map<string, number>();
  return (record.attachments ?? []).find(({ attachment, mime }) => {
    const slot = slots.find(({ id }) => id === attachment);
    const count = (counts.get(attachment) ?? 0) + 1;
    counts.set(attachment, count);
    return !slot || !slot.accept.includes(formatOf(mime)) || count > slot.maxFiles;
  });
}
