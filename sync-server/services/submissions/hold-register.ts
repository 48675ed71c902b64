import { AppError } from '#domain/errors/app-error.ts';
import type { RecordKind } from '#domain/catalogue/schema.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { BusinessRegister } from '../../ports/outside/business-register.ts';
import { codeField, registerProblems } from '../registrations/register-problems.ts';
import type { Refusal } from './refusal.ts';

/** What came from a counter held against the business register, which no station can ask. */
export function createHoldRegister({ businessRegister }: { businessRegister: BusinessRegister }) {
  /** Throws SERVICE_UNREACHABLE: the record waits until the register answers. */
  return async function holdRegister(
    kind: Pick<RecordKind, 'form'>,
    { form }: Pick<LudengRecord, 'form'>,
  ): Promise<Refusal | undefined> {
    const code = codeField(kind);
    if (!code) return undefined;
    try {
      const found = await businessRegister.find(form[code.id]?.trim() ?? '');
      const words = Object.values(registerProblems(kind, { code, form, found })).join('；');
      return words === '' ? undefined : { code: 'GUARD_REFUSED', words };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'SERVICE_MISSING') throw error;
      // nobody can compare it here, today or tomorrow: the applicant hears which service the server lacks
      const { service } = error.details;
      return { code: error.code, reasons: typeof service === 'string' ? [service] : [] };
    }
  };
}
export type HoldRegister = ReturnType<typeof createHoldRegister>;
