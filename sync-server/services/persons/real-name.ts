import type { Proof } from '#domain/accounts/assurance.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { FaceWanted } from '#domain/contracts/mobile/todos.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { fieldSchema } from '#domain/catalogue/field.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import type { RealNameCheck } from '../../ports/outside/real-name-check.ts';
import type { PersonAccount, PersonRows } from '../../ports/person-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { AttemptLimit } from '../accounts/attempt-limit.ts';
import { limitKeyOf } from '../accounts/limit-key.ts';
import type { Consents } from './consents.ts';
import type { FaceChecks } from './face-checks.ts';

/** Questions about names before the next one waits: the service must not become a register of people. */
const freeChecks = { account: 5, address: 60 } as const;
/** From the name to the face; a service that is down in between may come back. */
const checkedMs = 24 * 60 * 60_000;

export interface RealNameOptions {
  persons: Pick<PersonRows, 'find' | 'keepCheck' | 'checkOf' | 'proveName'>;
  consents: Consents;
  faces: Pick<FaceChecks, 'begin'>;
  realName: RealNameCheck;
  attempts: Pick<AttemptLimit, 'take'>;
  clock: Pick<Clock, 'now' | 'nowMs'>;
}

/** 实名认证: name, ID number and mobile belong together, and the face is that person's. */
export function createRealName({ persons, consents, faces, realName, attempts, clock }: RealNameOptions) {
  async function own({ account }: Actor): Promise<PersonAccount> {
    const found = await persons.find(account);
    if (!found) throw new AppError('NOT_FOUND', { account });
    if (found.realNameAt !== undefined) throw new AppError('REAL_NAME_DONE');
    return found;
  }

  return {
    /** Throws AGREEMENT_REQUIRED, REAL_NAME_DONE, FIELD_INVALID, TOO_MANY_ATTEMPTS, REAL_NAME_MISMATCH, SERVICE_UNREACHABLE. */
    async check(
      actor: Actor,
      given: { programme: string; name: string; idNumber: string },
      address: string,
    ): Promise<void> {
      await consents.demand(actor, given.programme, consents.general);
      const { id, mobile } = await own(actor);
      const name = parse('person-name', '姓名', given.name);
      const idNumber = parse('id-number', '身份证号码', given.idNumber);
      const attempt = await attempts.take([
        { name: `real-name by ${id}`, free: freeChecks.account },
        { name: `real-name from ${limitKeyOf(address)}`, free: freeChecks.address },
      ]);
      let isOne: boolean;
      try {
        isOne = await realName.matches({ name, idNumber, mobile });
      } catch (error) {
        await attempt.giveBack();
        throw error;
      }
      if (!isOne) throw new AppError('REAL_NAME_MISMATCH');
      await attempt.giveBack();
      await persons.keepCheck(id, { name, idNumber }, clock.nowMs() + checkedMs);
    },

    /** Throws REAL_NAME_DONE, REAL_NAME_MISSING before the name was checked, FACE_CONSENT_REQUIRED, SERVICE_UNREACHABLE. */
    async beginFace(
      actor: Actor,
      wanted: Extract<FaceWanted, { purpose: 'real-name' }>,
      returnUrlOf: (id: string) => string,
    ): Promise<{ id: string; url: string }> {
      const { id } = await own(actor);
      const person = await persons.checkOf(id, clock.nowMs());
      if (!person) throw new AppError('REAL_NAME_MISSING');
      await consents.demand(actor, wanted.programme, [...consents.general, 'face']);
      const purpose = `${consents.centreOf(wanted.programme).mobileAppName}实名认证`;
      return faces.begin({ account: id, person, purpose, about: `real-name:${id}`, wanted, returnUrlOf });
    },

    /** The face has passed. Answers the accounts that gave way. Throws CONFLICT where another name was checked meanwhile. */
    async finish(
      actor: Actor,
      { idNumber, session }: { idNumber: string; session: string },
    ): Promise<string[]> {
      const { id } = await own(actor);
      const person = await persons.checkOf(id, clock.nowMs());
      if (person?.idNumber !== idNumber) throw new AppError('CONFLICT');
      const at = clock.now();
      const identity = { kind: 'person', scheme: 'id-number', value: idNumber, name: person.name } as const;
      const assurance: Proof[] = [
        { way: 'mobile-sms', level: 'password', identity, at },
        { way: 'face', level: 'face', identity, at },
      ];
      return persons.proveName({ ...person, account: id, session: { id: session, assurance }, at });
    },
  };
}
export type RealName = ReturnType<typeof createRealName>;

/** As every form has it. Throws FIELD_INVALID with what is wrong. */
function parse(kind: 'person-name' | 'id-number', label: string, text: string): string {
  const field = fieldSchema.parse({ id: 'value', label, kind });
  const raw = text.trim();
  if (raw === '') throw new AppError('FIELD_INVALID', { label, problem: '必填' });
  const parsed = fieldRules[kind].parse(raw, field);
  if (!parsed.ok) throw new AppError('FIELD_INVALID', { label, problem: parsed.problem });
  return parsed.value;
}
