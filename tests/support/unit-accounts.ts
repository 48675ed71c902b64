/** Persons and accounts of units in the database of a server that runs, made by what the server itself makes them with. */
import { ulid } from 'ulid';
import type { Assurance } from '#domain/accounts/assurance.ts';
import type { AccountKind } from '#domain/accounts/schema.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { rolesOfType } from '#domain/catalogue/user-centre.ts';
import { systemPermission } from '#domain/accounts/systems.ts';
import { createSessions } from '../../sync-server/services/accounts/sessions.ts';
import { openAccount } from '../../sync-server/store/account-deeds.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { createSessionRows } from '../../sync-server/store/session-rows.ts';
import { storeSettings } from './server-stores.ts';

export interface TestPerson {
  name: string;
  idNumber: string;
  mobile: string;
}
export interface TestUnit {
  name: string;
  creditCode: string;
}

export interface NewUnitAccount {
  unit: TestUnit;
  person: TestPerson;
  kind: 'main' | 'handler';
  type: string;
  isPending?: boolean;
  keySerial?: string;
  /** Programmes that it is ticked for. */
  systems?: readonly string[];
}

/** Beside the server that runs in `dataFolder`. */
export async function openUnitAccounts(dataFolder: string) {
  const store = await openStore({
    ...(await storeSettings(dataFolder)),
    folder: dataFolder,
    beside: true,
  });
  const { db } = store;
  const clock = { now: () => new Date().toISOString(), nowMs: () => Date.now() };
  const sessions = createSessions({
    ...{ rows: createSessionRows(db), clock, log: { info() {} } },
    rolesOf: (type) => rolesOfType(loadCatalogue().programmes, type),
  });

  async function personOf({ name, idNumber, mobile }: TestPerson, isReal: boolean): Promise<string> {
    const at = clock.now();
    await db
      .insertInto('person')
      .values({
        ...{ id: ulid(), name, id_number: idNumber, mobile },
        ...{ real_name_at: isReal ? at : null, created_at: at },
      })
      .onConflict((conflict) =>
        conflict
          .column('id_number')
          .where('id_number', 'is not', null)
          .doUpdateSet({ real_name_at: isReal ? at : null }),
      )
      .execute();
    const { id } = await db
      .selectFrom('person')
      .select('id')
      .where('id_number', '=', idNumber)
      .executeTakeFirstOrThrow();
    return id;
  }

  return {
    /** Signed in on a phone: the session's token. Without real-name authentication only the number is known. */
    async phoneOf(
      person: TestPerson,
      { isReal = true, hasShownFace = false }: { isReal?: boolean; hasShownFace?: boolean } = {},
    ): Promise<string> {
      const id = ulid();
      await db
        .insertInto('account')
        .values({
          ...{ id, kind: 'person' satisfies AccountKind, name: person.name, department: '' },
          ...{ permissions: '[]', person_id: await personOf(person, isReal), organisation_id: null },
          ...{ password_hash: '!', created_at: clock.now(), disabled_at: null, last_sign_in_at: null },
          ...{ password_issued_at: null, password_issued_by: null, password_until: null },
        })
        .execute();
      const at = clock.now();
      const { idNumber: value, name } = person;
      const identity = { kind: 'person', scheme: 'id-number', value, name } as const;
      const assurance: Assurance = [
        { way: 'mobile-sms', level: 'password', identity, at },
        ...(hasShownFace ? [{ way: 'face', level: 'face', identity, at } as const] : []),
      ];
      const place = { address: '127.0.0.1', device: 'phone' };
      return sessions.open({ account: id, way: 'mobile-sms', assurance, place });
    },

    /** Answers the account's id. */
    async open({ unit, person, kind, type, isPending, keySerial, systems }: NewUnitAccount): Promise<string> {
      const recordId = ulid();
      await db.transaction().execute((trx) =>
        openAccount(
          trx,
          {
            ...{ deed: 'open-account', kind, type, recordId, person },
            unit: { kind: 'organisation', ...unit },
            pending: isPending ?? false,
            ...(keySerial === undefined ? {} : { keySerial }),
          },
          { at: clock.now() },
        ),
      );
      const { id } = await db
        .selectFrom('account')
        .select('id')
        .where('record_id', '=', recordId)
        .executeTakeFirstOrThrow();
      if (systems) await this.tick(id, systems);
      return id;
    },

    async tick(account: string, systems: readonly string[]): Promise<void> {
      const permissions = JSON.stringify(systems.map(systemPermission));
      await db.updateTable('account').set({ permissions }).where('id', '=', account).execute();
      await db.updateTable('session').set({ is_rotation_due: 1 }).where('account_id', '=', account).execute();
    },
    async set(
      account: string,
      set: {
        is_pending?: number;
        frozen_at?: string | null;
        frozen_reason?: string | null;
        disabled_at?: string | null;
      },
    ): Promise<void> {
      await db.updateTable('account').set(set).where('id', '=', account).execute();
    },
    /** What was proved in the newest session of an account. */
    async assuranceOf(account: string): Promise<Assurance> {
      const { assurance } = await db
        .selectFrom('session')
        .select('assurance')
        .where('account_id', '=', account)
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow();
      // written by the server as such
      return JSON.parse(assurance) as Assurance;
    },
    db,
    close: () => store.close(),
  };
}
export type UnitAccounts = Awaited<ReturnType<typeof openUnitAccounts>>;
