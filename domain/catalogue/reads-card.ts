import type { DocumentType, RecordKind } from './schema.ts';

/** Some paper of the kind is read by the card reader. */
export const readsCard = (
  { materials }: Pick<RecordKind, 'materials'>,
  documentTypes: readonly Pick<DocumentType, 'id' | 'capture'>[],
): boolean =>
  materials.some(({ documentType }) =>
    documentTypes.some(({ id, capture }) => id === documentType && capture.includes('card-reader')),
  );
