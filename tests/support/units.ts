/** Units, their people and who is signed in, beside a running server: registered, opened and signed in by the server's own services. */
import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import { loadCatalogue } from '#config/load-catalogue.ts';
import type { Assurance, Proof } from '#domain/accounts/assurance.ts';
import type { Identity } from '#domain/accounts/identity.ts';
import { nobody } from '#domain/accounts/schema.ts';
import { rolesOfType } from '#domain/catalogue/user-centre.ts';
import type { AttachedFile } from '#domain/record/schema.ts';
import { createAnnouncements } from '../../sync-server/services/announcements.ts';
import { createDeskCases } from '../../sync-server/services/cases/desk-cases.ts';
import { createCaseRows } from '../../sync-server/store/case-rows.ts';
import { createCatalogueRows } from '../../sync-server/store/catalogue-rows.ts';
import { createLogRows } from '../../sync-server/store/log-rows.ts';
import { createOverruleRows } from '../../sync-server/store/overrule-rows.ts';
import { createRecordRows } from '../../sync-server/store/record-rows.ts';
import { createSessions } from '../../sync-server/services/accounts/sessions.ts';
import { createCaseOpening } from '../../sync-server/services/cases/case-opening.ts';
import { createFileRecord } from '../../sync-server/services/records/file-record.ts';
import { openAccount } from '../../sync-server/store/account-deeds.ts';
import { createFiledRecordRows } from '../../sync-server/store/filed-record-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { createNoticeRows, createRegisterRows } from '../../sync-server/store/register-rows.ts';
import { createSessionRows } from '../../sync-server/store/session-rows.ts';
import { sessionCookie } from '../../sync-server/transport/cookies.ts';
import { storeSettings } from './server-stores.ts';

export const programme = 'yunnan-user-centre';

export interface TestPerson {
  name: string;
  idNumber: string;
  mobile: string;
}
export interface TestUnit {
  name: string;
  code: string;
  boss: TestPerson;
  handler: TestPerson;
}

const now = (): string => new Date().toISOString();
const clock = { now, nowMs: () => Date.now() };
const log = { info() {}, warn() {}, error() {} };
const place = { address: '127.0.0.1', device: 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0' };

export async function openUnits(folder: string) {
  const catalogue = loadCatalogue();
  const store = await openStore({ ...(await storeSettings(folder)), folder, beside: true });
  const { db } = store;
  const sessions = createSessions({
    ...{ rows: createSessionRows(db), clock, log },
    rolesOf: (type) => rolesOfType(catalogue.programmes, type),
  });
  const registers = createRegisterRows(db, []);
  const opening = createCaseOpening({ registers });
  const filedRows = createFiledRecordRows(db);
  const fileRecord = createFileRecord({
    // registered already: no case waits about it
    rows: { file: (filed) => filedRows.file({ ...filed, opens: undefined }) },
    opening,
    serverKey: { sign: (text) => createHash('sha256').update(text).digest('base64') },
    ...{ catalogue, clock, log, makeId: ulid, onFiled: () => {} },
  });

  /** Somebody whose name was proved, with an account of the own on the phone. */
  async function addPerson({ name, idNumber, mobile }: TestPerson): Promise<string> {
    const person = ulid();
    await db
      .insertInto('person')
      .values({ id: person, name, id_number: idNumber, mobile, real_name_at: now(), created_at: now() })
      .execute();
    const id = ulid();
    await db
      .insertInto('account')
      .values({
        ...{ id, kind: 'person', name, department: '', permissions: '[]', person_id: person },
        ...{ organisation_id: null, password_hash: '!', created_at: now(), disabled_at: null },
        ...{ last_sign_in_at: null, password_issued_at: null, password_issued_by: null },
        password_until: null,
      })
      .execute();
    return id;
  }

  /** The id of its main account. */
  async function addUnit({ name, code, boss, handler }: TestUnit): Promise<string> {
    const { recordId } = await fileRecord({
      ...{ programme, kind: 'enterprise-registration', role: 'enterprise', actor: nobody },
      subject: { name, creditCode: code },
      form: {
        ...{ unitName: name, creditCode: code, unitType: '有限责任公司', address: '昆明市五华区人民中路1号' },
        ...{ registeredCapital: '1000万元', establishedOn: '2017-03-01', businessScope: '建筑工程施工' },
        ...{ representative: boss.name, representativeId: boss.idNumber },
        ...{ representativeMobile: boss.mobile, handler: handler.name },
        ...{ handlerId: handler.idNumber, handlerMobile: handler.mobile },
      },
      attachments: ['licence', 'authorisation', 'commitment'].map(picture),
    });
    await db.transaction().execute(async (trx) => {
      await trx
        .insertInto('registered_unit')
        .values({ code, name, representative: boss.idNumber, since: now() })
        .execute();
      const deed = { deed: 'open-account', kind: 'main', type: 'enterprise', pending: false } as const;
      await openAccount(
        trx,
        { ...deed, person: handler, unit: { name, creditCode: code }, recordId },
        { at: now() },
      );
    });
    const { id } = await db
      .selectFrom('account')
      .select('id')
      .where('record_id', '=', recordId)
      .executeTakeFirstOrThrow();
    return id;
  }

  /** A cookie. */
  async function signIn(account: string, assurance: Assurance, onBehalfOf?: Identity): Promise<string> {
    const way = assurance[0]?.way ?? 'password';
    return `${sessionCookie}=${await sessions.open({ account, way, assurance, place, onBehalfOf })}`;
  }

  const desk = createDeskCases({
    ...{ cases: createCaseRows(db, []), records: createRecordRows(db), catalogues: createCatalogueRows(db) },
    ...{ registers, opening, catalogue, announcements: createAnnouncements(), clock, log, makeId: ulid },
    ...{ notices: createNoticeRows(db), overrules: createOverruleRows(db), logRows: createLogRows(db) },
    verificationCodes: { of: () => 'ABCDEFGH' },
    calendar: { years: {} },
  });
  /** As somebody whose face was told from others', on the phone. */
  const decide = (caseId: string, person: TestPerson, decision: 'confirm' | 'refuse') =>
    desk.decide(
      {
        ...nobody,
        kind: 'person',
        account: `phone of ${person.name}`,
        name: person.name,
        assurance: [faceOf(person)],
      },
      caseId,
      { step: 'confirm', decision, opinion: '' },
    );

  return {
    ...{ db, addPerson, addUnit, signIn, decide },
    /** As the phone opens a session on the computer. */
    scanIn: (account: string, { name, idNumber }: TestPerson) =>
      signIn(account, [
        {
          ...{ way: 'phone-scan', level: 'password', at: now() },
          identity: { kind: 'person', scheme: 'id-number', value: idNumber, name },
        },
      ]),
    /** With the unit's key, which signed a moment ago; `minutesAgo`: or so long ago. */
    signInWithKey: (account: string, { code, name }: Pick<TestUnit, 'code' | 'name'>, minutesAgo = 0) =>
      signIn(account, [
        {
          ...{ way: 'ukey', level: 'signed', at: new Date(Date.now() - minutesAgo * 60_000).toISOString() },
          identity: { kind: 'organisation', scheme: 'credit-code', value: code, name },
        },
      ]),
    close: () => store.close(),
  };
}
export type TestUnits = Awaited<ReturnType<typeof openUnits>>;

const faceOf = ({ name, idNumber: value }: TestPerson): Proof => ({
  ...{ way: 'face', level: 'face', at: now() },
  identity: { kind: 'person', scheme: 'id-number', value, name },
});

const picture = (attachment: string): AttachedFile => ({
  attachment,
  sha: createHash('sha256').update(attachment).digest('hex'),
  ...{ size: 1000, mime: 'image/jpeg', name: `${attachment}.jpg`, addedAt: now() },
});
