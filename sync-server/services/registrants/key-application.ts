import { demandAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { getRecordKind } from '#domain/catalogue/lookup.ts';
import type { KeyApplication } from '#domain/catalogue/portal-registration.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { KeyApplicationView } from '#domain/contracts/portal/own-account.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Values } from '#domain/primitives.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { CaCompany } from '../../ports/outside/ca-company.ts';
import type { Registrant, RegistrantRows } from '../../ports/registrant-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { UnitRows } from '../../ports/unit-rows.ts';
import type { FindRegistrant } from './own-registrant.ts';

/** Longer than the CA company may take to answer. */
const underWayMs = 60_000;

export interface KeyApplicationOptions {
  rows: Pick<RegistrantRows, 'noteApplication' | 'lastApplication'>;
  records: Pick<UnitRows, 'lastFiled'>;
  single: Pick<AtomicRows, 'reserve' | 'release'>;
  caCompany: Pick<CaCompany, 'apply'>;
  findOwn: FindRegistrant;
  catalogue: Catalogue;
  makeId: MakeId;
  clock: Clock;
  log: Pick<Log, 'info'>;
}

/** CA办理申请: what the registrant has filed of himself goes to the CA company, which makes a key of it. */
export function createKeyApplication(options: KeyApplicationOptions) {
  const { rows, records, single, caCompany, findOwn, catalogue, makeId, clock, log } = options;

  /** Throws NOT_FOUND where this account asks for no key. */
  function wantedBy({ programme, type }: Registrant): KeyApplication {
    const portal = catalogue.programmes.find(({ id }) => id === programme)?.portal;
    const application = portal?.keyApplication;
    if (!application?.accountTypes.includes(type)) throw new AppError('NOT_FOUND', { type });
    return application;
  }

  async function formOf({ programme, number }: Registrant, recordKind: string): Promise<Values> {
    const last = await records.lastFiled({ programme, kind: recordKind, subject: number });
    return last?.record.form ?? {};
  }

  function missingOf(
    { programme }: Registrant,
    { recordKind, needs }: KeyApplication,
    form: Values,
  ): string[] {
    const { form: fields } = getRecordKind(catalogue, programme, recordKind);
    return needs
      .filter((id) => (form[id] ?? '').trim() === '')
      .map((id) => fields.find((field) => field.id === id)?.label ?? id);
  }

  async function stateOf(registrant: Registrant) {
    const application = wantedBy(registrant);
    const form = await formOf(registrant, application.recordKind);
    return { application, form, missing: missingOf(registrant, application, form) };
  }

  async function view(registrant: Registrant): Promise<KeyApplicationView> {
    const { missing } = await stateOf(registrant);
    const last = await rows.lastApplication(registrant.account);
    return { missing, ...(last ? { last } : {}) };
  }

  return {
    async view(actor: Actor): Promise<KeyApplicationView> {
      demandAtAll(actor, 'registrant.apply-for-key');
      return view(await findOwn(actor));
    },

    /** Sent once, however often the button is pressed meanwhile; nothing is kept of what never arrived. */
    async apply(actor: Actor): Promise<KeyApplicationView> {
      demandAtAll(actor, 'registrant.apply-for-key');
      const registrant = await findOwn(actor);
      const { application, form, missing } = await stateOf(registrant);
      if (missing.length > 0) throw new AppError('KEY_APPLICATION_INCOMPLETE', { missing });
      const name = `key-application ${registrant.account}`;
      const nowMs = clock.nowMs();
      if (!(await single.reserve(name, { nowMs, untilMs: nowMs + underWayMs })))
        throw new AppError('KEY_APPLICATION_UNDER_WAY');
      try {
        const { sends } = application;
        const answer = await caCompany.apply({
          ...{ creditCode: registrant.number, name: registrant.name },
          legalRepresentative: form[sends.legalRepresentative] ?? '',
          legalRepresentativeId: form[sends.legalRepresentativeId] ?? '',
          contactName: form[sends.contactName] ?? '',
          contactPhone: form[sends.contactPhone] ?? '',
        });
        await rows.noteApplication(makeId(), registrant.account, { ...answer, at: clock.now() });
        log.info({ account: registrant.account, isAccepted: answer.isAccepted }, 'a key was asked for');
      } finally {
        await single.release(name);
      }
      return view(registrant);
    },
  };
}
export type KeyApplications = ReturnType<typeof createKeyApplication>;
