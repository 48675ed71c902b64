import type { Certificate } from '../catalogue/schema.ts';
import type { Subject, Values } from '../record/schema.ts';
import type { FieldEvidence, MaterialVerdict } from './schema.ts';

export interface DecideMaterialInput {
  certificate: Certificate;
  /** As entered; canonical where it parses. */
  values: Values;
  /** By field id; a field without evidence counts as not marked. */
  evidence: Readonly<Record<string, FieldEvidence>>;
  subject: Subject;
  otherMaterials: readonly { slot: string; values: Values }[];
  /** YYYY-MM-DD: expiry is judged against it. */
  day: string;
}

export function decideMaterial(_input: DecideMaterialInput): MaterialVerdict {
  return { light: 'yellow', fields: [] };
}
