import { randomBytes } from 'node:crypto';
import { nobody } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { withdraw } from '#domain/cases/engine.ts';
import type { Registration } from '#domain/contracts/public/registration.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { dayMs } from '#domain/primitives.ts';
import type { RecordRows } from '../../ports/case-rows.ts';
import type { SmsSender } from '../../ports/outside/sms.ts';
import type { RegistrationRows, StoredRegistration } from '../../ports/registration-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { UserCentres } from '../accounts/user-centres.ts';
import type { FindCase } from '../cases/found-case.ts';
import type { ProceedCase } from '../cases/proceed-case.ts';
import { sha256 } from '../hashing.ts';
import { confirmationReminder } from '../texts.ts';
import type { RegistrationLimits } from './registration-limits.ts';
import type { RegistrationView } from './registration-view.ts';
import { keepDraftDays } from './registrations.ts';
import type { Registrations } from './registrations.ts';

export interface FollowRegistrationOptions {
  rows: Pick<RegistrationRows, 'find' | 'release' | 'ofHandler' | 'takeUp'>;
  registrations: Pick<Registrations, 'find' | 'typeOf'>;
  records: Pick<RecordRows, 'find'>;
  finding: Pick<FindCase, 'pin'>;
  proceeding: Pick<ProceedCase, 'proceed'>;
  centres: Pick<UserCentres, 'find'>;
  limits: Pick<RegistrationLimits, 'remind'>;
  sms: SmsSender;
  views: RegistrationView;
  clock: Clock;
}

/** Who acts in the log: whoever filled it in is known by a token alone. */
const applicant: Actor = { ...nobody, account: 'applicant' };

/** Registrations on their way: taken back, reminded of, taken up elsewhere, gone on with after a refusal. */
export function createFollowRegistration(options: FollowRegistrationOptions) {
  const { rows, registrations, records, finding, proceeding, centres, limits, sms, views, clock } = options;

  async function fresh({ id }: StoredRegistration): Promise<Registration> {
    const found = await rows.find(id);
    if (!found) throw new AppError('REGISTRATION_GONE');
    return views.view(found);
  }

  /** Newest first. */
  async function ofHandler(idNumber: string): Promise<Registration[]> {
    const own = await rows.ofHandler(idNumber, clock.nowMs());
    return Promise.all(own.map((one) => views.view(one)));
  }

  async function release(found: StoredRegistration, recordId: string): Promise<Registration> {
    await rows.release({
      ...{ id: found.id, recordId, at: clock.now() },
      expiresAtMs: clock.nowMs() + keepDraftDays * dayMs,
    });
    return fresh(found);
  }

  async function withdrawCase(recordId: string): Promise<void> {
    const before = await views.caseOf(recordId);
    const stored = await records.find(recordId);
    if (!before || !stored) throw new AppError('CASE_CLOSED', { record: recordId });
    const found = await finding.pin({ ...before, owner: stored });
    const at = clock.now();
    const step = withdraw(found.case, found.workflow, { at, by: stored.record.subject.name });
    await proceeding.proceed(applicant, found, step, { operation: 'case-withdrawn', at });
  }

  return {
    /** 撤回. Throws CASE_CLOSED once the person named has confirmed or refused. */
    async withdraw(token: string | undefined): Promise<Registration> {
      const found = await registrations.find(token);
      if (found.recordId === undefined) return views.view(found);
      await withdrawCase(found.recordId);
      return release(found, found.recordId);
    },

    /** After a refusal. Throws REGISTRATION_FILED where it is still on its way, or through. */
    async reopen(token: string | undefined): Promise<Registration> {
      const found = await registrations.find(token);
      const { recordId } = found;
      if (recordId === undefined) return views.view(found);
      const { state } = await views.view(found);
      if (state !== 'refused' && state !== 'draft') throw new AppError('REGISTRATION_FILED');
      return release(found, recordId);
    },

    /** Throws CASE_CLOSED where nobody has to confirm, REMINDED_ALREADY, SERVICE_UNREACHABLE, SERVICE_MISSING. */
    async remind(token: string | undefined): Promise<void> {
      const found = await registrations.find(token);
      if (found.recordId === undefined || (await views.view(found)).state !== 'filed')
        throw new AppError('CASE_CLOSED', { registration: found.id });
      const stored = await records.find(found.recordId);
      const { type } = registrations.typeOf(found);
      const { name, userCentre } = centres.find(found.programme);
      const idNumber = stored?.record.form[type.confirmerIdNumber];
      const mobile = stored?.record.form[type.confirmerMobile];
      if (!stored || idNumber === undefined || mobile === undefined)
        throw new AppError('NOT_FOUND', { record: found.recordId });
      const counted = await limits.remind(idNumber);
      const text = confirmationReminder(name, userCentre.mobileAppName, stored.record.subject.name);
      await sms.send({ mobile, text }).catch(async (error: unknown) => {
        await counted.giveBack();
        throw error;
      });
    },

    /** Throws ASSURANCE_TOO_LOW where the actor has not shown an id number. */
    ofPerson: async (actor: Actor): Promise<Registration[]> => ofHandler(idNumberOf(actor)),
    ofHandler,

    /** Throws NOT_FOUND for another's. */
    async takeUp(actor: Actor, id: string): Promise<{ token: string; registration: Registration }> {
      const found = await rows.find(id);
      if (!found || found.handlerId !== idNumberOf(actor)) throw new AppError('NOT_FOUND', { id });
      const token = randomBytes(32).toString('base64url');
      const at = clock.now();
      await rows.takeUp({ id, tokenSha: sha256(token), actor: actor.account, at });
      return { token, registration: await fresh(found) };
    },
  };
}
export type FollowRegistration = ReturnType<typeof createFollowRegistration>;

function idNumberOf({ assurance }: Actor): string {
  const proved = assurance.find(
    ({ identity, level }) =>
      identity.kind === 'person' && identity.scheme === 'id-number' && level !== 'none',
  );
  if (!proved) throw new AppError('ASSURANCE_TOO_LOW');
  return proved.identity.value;
}
