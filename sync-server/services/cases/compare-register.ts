import { demandAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { getRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { RegisterComparison } from '#domain/contracts/desk/cases.ts';
import { agreesWithRegister, registerFields } from '#domain/record/compare-register.ts';
import type { StoredRecord } from '../../ports/case-rows.ts';
import type { RegistrationRows } from '../../ports/registration-rows.ts';

export interface CompareRegisterOptions {
  /** Throws NOT_FOUND where the actor may not see it. */
  findRecord: (actor: Actor, recordId: string) => Promise<StoredRecord>;
  rows: Pick<RegistrationRows, 'answerOf'>;
  catalogue: Catalogue;
}

/** What the business register said beside what the applicant entered. */
export function createCompareRegister({ findRecord, rows, catalogue }: CompareRegisterOptions) {
  return async function compare(actor: Actor, recordId: string): Promise<RegisterComparison> {
    demandAtAll(actor, 'record.compare');
    const { record } = await findRecord(actor, recordId);
    const answer = await rows.answerOf(recordId);
    if (!answer) return { fields: [] };
    const { form } = getRecordKind(catalogue, record.programme, record.kind);
    const fields = registerFields(form).map((field) => {
      const registered = answer.entry[field.register] ?? '';
      return {
        field: field.id,
        registered,
        agrees: agreesWithRegister(field, { value: record.form[field.id] ?? '', registered }),
      };
    });
    return { askedAt: answer.askedAt, fields };
  };
}
export type CompareRegister = ReturnType<typeof createCompareRegister>;
