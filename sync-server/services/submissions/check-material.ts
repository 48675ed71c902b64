import { canonicalJson } from '#domain/canonical-json.ts';
import type { Catalogue, DocumentType } from '#domain/catalogue/schema.ts';
import { sealedContentSchema } from '#domain/record/schema.ts';
import type { Checked, LudengRecord, Material, Seal } from '#domain/record/schema.ts';
import { sealedContent } from '#domain/record/sealed-content.ts';
import { decideMaterial } from '#domain/verdict/decide-material.ts';
import { chosenFor } from '#domain/record/redecide-record.ts';
import type { MaterialVerdict } from '#domain/verdict/schema.ts';
import { namesPerson } from '#domain/record/named-person.ts';
import type { SealedPdf } from '../../ports/seal-verifier.ts';
import type { Refusal } from './refusal.ts';
import { refuseOtherSigner } from './refuse-other-signer.ts';

export interface MaterialQuestion {
  record: LudengRecord;
  material: Material & { checked: Checked; seal: Seal };
  /** Title of the slot. */
  title: string;
  documentType: DocumentType;
  catalogue: Catalogue;
  sealed: SealedPdf;
}

/** A paper that has no sealed file of its own, for its kind asks for none. */
export type UnsealedQuestion = Omit<MaterialQuestion, 'sealed' | 'material'> & {
  material: Material & { checked: Checked };
};

type Step = (question: MaterialQuestion) => Refusal | undefined;

/** In this order: nothing is said about content before the seal over it holds. */
const steps: readonly Step[] = [
  sealHolds,
  signerIsSubject,
  personIsNamed,
  contentIsSealed,
  picturesAreSealed,
  evidenceIsOfThisMaterial,
  verdictHolds,
];

/** The same for one whose pages stand under the record's seal alone. */
export function checkUnsealedMaterial(question: UnsealedQuestion): Refusal | undefined {
  const refusal = evidenceIsOfThisMaterial(question) ?? verdictHolds(question);
  return refusal && { about: question.title, ...refusal };
}

/** What is wrong with a material, by the server's own eyes; undefined when it may be stored. */
export function checkMaterial(question: MaterialQuestion): Refusal | undefined {
  for (const step of steps) {
    const refusal = step(question);
    if (refusal) return { about: question.title, ...refusal };
  }
  return undefined;
}

function sealHolds({ sealed }: MaterialQuestion): Refusal | undefined {
  return sealed.report.valid ? undefined : { code: 'SIGNATURE_INVALID', reasons: sealed.report.problems };
}

function signerIsSubject({ sealed, record }: MaterialQuestion): Refusal | undefined {
  return refuseOtherSigner(sealed.report, record.subject);
}

/** Who seals beside the company with a certificate that names no company is the person whom the record names. */
function personIsNamed({ sealed, record, catalogue }: MaterialQuestion): Refusal | undefined {
  return sealed.unboundPersons.every((name) => namesPerson(record, catalogue, name))
    ? undefined
    : { code: 'CERTIFICATE_OF_OTHER_SUBJECT' };
}

/** What travels beside the PDF must be what was sealed in it. */
function contentIsSealed({ sealed, record, material }: MaterialQuestion): Refusal | undefined {
  const parsed = sealedContentSchema.safeParse(sealed.content);
  if (!parsed.success) return { code: 'SIGNATURE_INVALID' };
  // the catalogue may have moved on between seal and check; the verdict is judged by the one of the check
  const expected = sealedContent(record, material, parsed.data.catalogueHash);
  return canonicalJson(parsed.data) === canonicalJson(expected) ? undefined : { code: 'SIGNATURE_INVALID' };
}

/** The PDF shows exactly the pages that were checked: none more, none less, in order. */
function picturesAreSealed({ sealed, material }: MaterialQuestion): Refusal | undefined {
  const expected = material.pages.map(({ sha }) => sha);
  return canonicalJson(sealed.pictureShas) === canonicalJson(expected)
    ? undefined
    : { code: 'HASH_MISMATCH' };
}

/** The evidence speaks of the marks and the chip that were sealed, not of others. */
function evidenceIsOfThisMaterial({ material }: UnsealedQuestion): Refusal | undefined {
  for (const [field, { marks, chip }] of Object.entries(material.checked.evidence)) {
    if (chip !== material.chip[field] || canonicalJson(marks) !== canonicalJson(material.marks[field] ?? []))
      return { code: 'VERDICT_MISMATCH' };
  }
  return undefined;
}

/** The same function and the pinned catalogue give the same lights, or somebody changed something. */
function verdictHolds({ record, material, documentType, catalogue }: UnsealedQuestion): Refusal | undefined {
  const verdict = decideMaterial({
    documentType,
    values: material.values,
    evidence: material.checked.evidence,
    subject: record.subject,
    otherMaterials: record.materials
      .filter(({ slot }) => slot !== material.slot)
      .map(({ slot, values }) => ({ slot, values })),
    chosen: chosenFor(record, material.slot, catalogue),
    day: material.checked.day,
  });
  if (verdict.light === 'red') return { code: 'RED_LIGHT' };
  return lightsOf(verdict) === lightsOf(material.checked.verdict) ? undefined : { code: 'VERDICT_MISMATCH' };
}

function lightsOf({ light, fields }: MaterialVerdict): string {
  return canonicalJson({ light, fields: Object.fromEntries(fields.map((f) => [f.field, f.light])) });
}
