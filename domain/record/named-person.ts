import { getDocumentType } from '../catalogue/lookup.ts';
import type { Catalogue } from '../catalogue/schema.ts';
import type { LudengRecord } from './schema.ts';

/**
 * Whether a field for a person's name in one of the record's materials holds this name: legal representative, manager,
 * holder of a document. Other texts do not count, nor does the record's form, which no material's seal covers.
 * Throws NOT_FOUND for a document that the catalogue does not have.
 */
export function namesPerson(record: LudengRecord, catalogue: Catalogue, name: string): boolean {
  return record.materials.some(({ certificate, values }) =>
    getDocumentType(catalogue, certificate).fields.some(
      ({ id, kind }) => kind === 'person-name' && values[id] === name,
    ),
  );
}
