/** The rendered truth in the catalogue's words: canonical values of the fields that the certificate knows. */
import { getCertificate } from '#domain/catalogue/lookup.ts';
import type { Catalogue, Certificate, Field } from '#domain/catalogue/schema.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import type { Truth } from './render-set.ts';

/** The generator's names where they differ from the catalogue's. */
const OTHER_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'resident-id-card': { issuingAuthority: 'issuer' },
};

export interface TrueField {
  field: Field;
  /** The generator's name, by which its lines are marked. */
  sourceId: string;
  /** Canonical. */
  value: string;
}

export function certificateOf(
  catalogue: Catalogue,
  truth: Pick<Truth, 'certificate'>,
): Certificate | undefined {
  return truth.certificate === null ? undefined : getCertificate(catalogue, truth.certificate);
}

/** Fields whose true text no rule can take are left out: there is nothing to compare with. */
export function trueFields(certificate: Certificate, truth: Pick<Truth, 'fields' | 'lines'>): TrueField[] {
  return Object.entries(truth.fields).flatMap(([sourceId, text]) => {
    if (isPartOfList(truth, sourceId)) return [];
    const id = OTHER_NAMES[certificate.id]?.[sourceId] ?? sourceId;
    const field = certificate.fields.find((candidate) => candidate.id === id);
    if (!field) return [];
    const rule = fieldRules[field.kind];
    const parsed = rule.parse(text, field);
    const value = parsed.ok ? parsed.value : rule.readFrom(text, field);
    return value === undefined || !rule.parse(value, field).ok ? [] : [{ field, sourceId, value }];
  });
}

/** The generator notes the first of several qualifications below each other; the field asks for all of them. */
function isPartOfList({ lines }: Pick<Truth, 'lines'>, sourceId: string): boolean {
  const own = lines.findLastIndex(({ field }) => field === sourceId);
  const [line, next] = [lines[own], lines[own + 1]];
  if (!line || !next || sourceId !== 'qualificationCategoryAndGrade') return false;
  const sameColumnMm = 1;
  return next.field === null && Math.abs(next.box[0] - line.box[0]) < sameColumnMm;
}
