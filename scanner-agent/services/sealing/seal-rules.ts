/** Who may seal what: checked before a job begins and again when its turn comes. */
import { AppError } from '#domain/errors/app-error.ts';
import { isAsked } from '#domain/fields/field-rules.ts';
import { documentTypeOfSlot, getRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { namesPerson } from '#domain/record/named-person.ts';
import { isSameHolder } from '#domain/record/same-name.ts';
import { unmarkedFields } from '#domain/record/unmarked.ts';
import type { Subject } from '#domain/primitives.ts';
import type { LudengRecord, Material } from '#domain/record/schema.ts';
import type { TokenCertificate } from '../../ports/signing-token.ts';

/** The code and the name: a key of the same code under another name would seal what it does not say. */
export function refuseOtherSubject(certificate: TokenCertificate, subject: Subject): void {
  const isOwn =
    certificate.creditCode === subject.creditCode && isSameHolder(certificate.holderName, subject.name);
  if (!isOwn) throw new AppError('CERTIFICATE_OF_OTHER_SUBJECT', { holder: certificate.holderName });
}

/** A legal person's key must say whose it is: of this company, or at least of the person whom the papers name. */
export function refuseOtherPerson(
  personName: string | undefined,
  certificate: TokenCertificate,
  { record, catalogue }: { record: LudengRecord; catalogue: Catalogue },
): void {
  if (personName === undefined) throw new AppError('CERTIFICATE_WRONG_USE', { reason: 'not-a-person' });
  const { creditCode } = certificate;
  const isOfCompany =
    creditCode === undefined
      ? namesPerson(record, catalogue, personName)
      : creditCode === record.subject.creditCode;
  if (!isOfCompany) throw new AppError('CERTIFICATE_OF_OTHER_SUBJECT', { holder: personName });
}

/** LNC-066: sealing follows marking; there must be pages, every required field must be filled, and what weighs be marked. */
export function refuseIncomplete(record: LudengRecord, material: Material, catalogue: Catalogue): void {
  if (material.pages.length === 0) throw new AppError('NO_PAGES');
  const kind = getRecordKind(catalogue, record.programme, record.kind);
  const documentType = documentTypeOfSlot(catalogue, kind, material.slot);
  const empty = documentType.fields.find(
    (field) => field.required && isAsked(field, material.values) && !material.values[field.id],
  );
  if (empty) throw new AppError('FIELD_INVALID', { field: empty.id, label: empty.label, problem: '必填' });
  const unmarked = unmarkedFields(kind, documentType, material);
  if (unmarked.length > 0) throw new AppError('NOT_MARKED', { missing: unmarked.map(({ label }) => label) });
}
