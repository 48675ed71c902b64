/**
 * A case as it leaves for a department: numbers of persons are masked wherever they stand, in what was filled in, read, compared
 * and told. Found by the fields that hold them, so that a number that is no person's stays as it is.
 */
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Field } from '#domain/catalogue/field.ts';
import type { Case } from '#domain/cases/schema.ts';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import { maskOf } from '#domain/fields/personal-values.ts';
import type { Checked, LudengRecord, Material } from '#domain/record/schema.ts';
import { maskIdNumber, maskMobile } from '#domain/text/masking.ts';

/** Shorter texts would be found in the middle of others. */
const minLength = 7;

/** Every raw number with what is shown in its place. */
type Shown = Map<string, string>;

/** `before`: what the record said before it was corrected, where the detail tells of it. */
export function maskDetail(detail: CaseDetail, pinned: Catalogue, before?: LudengRecord): CaseDetail {
  const shown: Shown = new Map();
  noteCase(shown, detail.case);
  for (const record of [detail.record, before]) if (record) noteRecord(shown, record, pinned);
  return replaceAll(detail, shown);
}

/** What a list says of it: the number of the person that a case is about. */
export function maskAbout({ kind, id }: Case['about']): Case['about'] {
  return kind === 'person' || kind === 'lock' ? { kind, id: maskIdNumber(id) } : { kind, id };
}

export const fieldsOfRecord = (record: LudengRecord, pinned: Catalogue): readonly Field[] => {
  const programme = pinned.programmes.find(({ id }) => id === record.programme);
  const kind = programme?.recordKinds.find(({ id }) => id === record.kind);
  return [...(kind?.form ?? []), ...(kind?.asked ?? [])];
};

export const fieldsOfMaterial = ({ certificate }: Material, pinned: Catalogue): readonly Field[] =>
  pinned.documentTypes.find(({ id }) => id === certificate)?.fields ?? [];

function noteCase(shown: Shown, { about, parties }: Case): void {
  note(shown, maskAbout(about).id === about.id ? undefined : about.id, maskIdNumber);
  for (const { person } of parties)
    if (person?.scheme === 'id-number') note(shown, person.value, maskIdNumber);
}

function noteRecord(shown: Shown, record: LudengRecord, pinned: Catalogue): void {
  for (const one of [record.subject, record.applicant])
    if (one?.kind === 'person') note(shown, one.creditCode, maskIdNumber);
  const { onBehalfOf, assurance = [] } = record.handedIn ?? {};
  for (const identity of [onBehalfOf, ...assurance.map((proof) => proof.identity)])
    if (identity?.scheme === 'id-number') note(shown, identity.value, maskIdNumber);
    else if (identity?.scheme === 'mobile') note(shown, identity.value, maskMobile);
  for (const field of fieldsOfRecord(record, pinned)) {
    const mask = maskOf(field);
    if (!mask) continue;
    note(shown, record.form[field.id], mask);
    note(shown, record.answers[field.id], mask);
  }
  for (const material of record.materials)
    for (const field of fieldsOfMaterial(material, pinned)) noteMaterial(shown, material, field);
}

function noteMaterial(shown: Shown, material: Material, field: Field): void {
  const mask = maskOf(field);
  if (!mask) return;
  const { id } = field;
  const reading = material.readings[id];
  const said = [material.values[id], material.chip[id], reading?.value, reading?.text];
  const { checked, rechecked } = material;
  for (const one of [checked, rechecked?.state === 'done' ? rechecked.checked : undefined])
    if (one) said.push(...saidInCheck(one, id));
  for (const text of said) note(shown, text, mask);
}

function saidInCheck({ evidence, verdict }: Checked, id: string): (string | undefined)[] {
  const seen = evidence[id];
  const judged = verdict.fields.find(({ field }) => field === id);
  return [
    ...[seen?.claim, seen?.recognised, seen?.chip, ...(seen?.codes ?? [])],
    ...[seen?.score?.rival, seen?.score?.form, seen?.score?.freeReading],
    ...[judged?.claimed, judged?.recognised],
  ];
}

/** The reader may have read a label with it. */
function note(shown: Shown, text: string | undefined, mask: (text: string) => string): void {
  for (const [number] of (text ?? '').matchAll(/[0-9A-Za-z-]+/g))
    if (number.length >= minLength) shown.set(number, mask(number));
}

/** Wherever one of them stands in a text, longest first: one number may be a part of what was read around it. */
function replaceAll<T>(value: T, shown: Shown): T {
  const raws = [...shown].toSorted(([left], [right]) => right.length - left.length);
  const inText = (text: string): string =>
    raws.reduce((masked, [raw, mask]) => masked.replaceAll(raw, mask), text);
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return inText(part);
    if (Array.isArray(part)) return part.map(walk);
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, walk(one)]));
  };
  // texts stay texts: what comes out has the shape of what went in
  return raws.length === 0 ? value : (walk(value) as T);
}
