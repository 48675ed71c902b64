import { getProgramme } from '#domain/catalogue/lookup.ts';
import type { Guard } from '#domain/catalogue/guard.ts';
import { qualifiedPersonsOf } from '#domain/catalogue/named-fields.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { QualificationRegister } from '../../ports/outside/qualification-register.ts';
import type { QualificationRows } from '../../ports/qualification-rows.ts';
import type { Log } from '../../ports/surroundings.ts';

/** Has the register of qualifications say what the persons hold whom the guards ask about, before they are asked. */
export function createAskQualifications({
  register,
  rows,
  log,
}: {
  register: QualificationRegister;
  rows: QualificationRows;
  log: Pick<Log, 'warn'>;
}) {
  /** Where the register does not answer, what it said before stands until that is too old: the guard then refuses. */
  return async function askQualifications(
    guards: readonly Guard[],
    { record, catalogue, at }: { record: LudengRecord; catalogue: Catalogue; at: string },
  ): Promise<void> {
    const known = getProgramme(catalogue, record.programme).qualifications ?? [];
    const fields = new Set(guards.flatMap(qualifiedPersonsOf));
    const people = new Set([...fields].map((field) => record.form[field]?.trim() ?? ''));
    people.delete('');
    for (const person of people) {
      try {
        const told = await register.of(person);
        const held = told.flatMap(({ kind: words, ...one }) =>
          known
            .filter(({ registeredAs }) => registeredAs.includes(words))
            .map(({ id: kind }) => ({ ...one, kind })),
        );
        await rows.noteAnswer(person, held, at);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        log.warn({ code: error.code, recordId: record.id }, 'register of qualifications did not answer');
      }
    }
  };
}
export type AskQualifications = ReturnType<typeof createAskQualifications>;
