/** Who registered himself, in the database of a server that runs: what only other pages or stations do. */
import { ulid } from 'ulid';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getRecordKind } from '#domain/catalogue/lookup.ts';
import type { Values } from '#domain/primitives.ts';
import { createRecord } from '#domain/record/rules.ts';
import { createFiledRecordRows } from '../../sync-server/store/filed-record-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { createRegistrantRows } from '../../sync-server/store/registrant-rows.ts';
import { storeSettings } from './server-stores.ts';

const programme = 'hunan-unified-registration';
const wholeForm: Values = {
  ...{ registeredPlace: '长沙市岳麓区潇湘北路1号', unitKind: '企业', contactName: '李敏' },
  ...{ contactPhone: '13973112233', legalRepresentative: '周建军' },
  legalRepresentativeId: '430103198512120024',
};

/** Beside the server that runs in `dataFolder`. */
export async function openRegistrants(dataFolder: string) {
  const store = await openStore({ ...(await storeSettings(dataFolder)), folder: dataFolder, beside: true });
  const { db } = store;
  const rows = createRegistrantRows(db);
  const catalogue = loadCatalogue();
  const now = (): string => new Date().toISOString();

  const accountOf = async (number: string): Promise<string> =>
    (
      await db
        .selectFrom('registrant')
        .select('account_id')
        .where('number', '=', number)
        .executeTakeFirstOrThrow()
    ).account_id;
  const basicInfo = ({ name, number }: { name: string; number: string }, form: Values) => {
    const record = createRecord({
      ...{ id: ulid(), catalogue, programme, kind: getRecordKind(catalogue, programme, 'basic-info') },
      ...{ role: 'unit', subject: { name, creditCode: number }, answers: {}, at: now(), by: name },
    });
    return { ...record, form: { ...record.form, ...form } };
  };

  return {
    wholeForm,
    accountOf,
    /** As 基本信息 is filed in a browser by whoever registered; what is not said stands as it was. */
    async fileForm(unit: { name: string; number: string }, form: Values): Promise<void> {
      const account = await accountOf(unit.number);
      const { name: present } = await db
        .selectFrom('registrant')
        .select('name')
        .where('account_id', '=', account)
        .executeTakeFirstOrThrow();
      const { unitName: name = present, ...rest } = form;
      const record = basicInfo({ ...unit, name }, { ...wholeForm, ...rest, unitName: name });
      if (form['legalRepresentative'] === '') {
        delete record.form['legalRepresentative'];
        delete record.form['legalRepresentativeId'];
      }
      await createFiledRecordRows(db).file({
        ...{ record, isCorrection: false, title: '基本信息', blobs: [], counter: 'test' },
        ...{ actor: account, at: now() },
        ...{ makeUniqueCode: (serial) => `HNZC-TEST-${serial}`, sign: () => 'signature' },
        renames: { account, name },
      });
    },
    /** As by a sign-in with a key of an earlier CA company; once, however often it is said. */
    bindCertificate: async ({ name, number }: { name: string; number: string }, serial: string) =>
      rows.bindCertificate(
        await accountOf(number),
        {
          ...{ serial, holderName: name, issuer: 'CN=旧认证中心' },
          ...{ validFrom: '2020-01-01T00:00:00.000Z', validUntil: '2099-01-01T00:00:00.000Z' },
        },
        now(),
      ),
    /** As a station has it, where a key was in its reader. */
    async handedInAtCounter({ name, number }: { name: string; number: string }): Promise<void> {
      const record = basicInfo({ name, number }, wholeForm);
      const station = 'S-HN-01';
      await db
        .insertInto('station')
        .values({
          ...{ id: station, name: '长沙受理点', public_key: '', install_id: null, session_epoch: 0 },
          ...{ state: 'enrolled', pending: 0, app_version: '', last_seen_at: null, enrolled_at: now() },
          ...{ record_seals_since: null, blob_token_sha: null, online_until_ms: 0, seq_base: 0 },
        })
        .execute();
      const item = ulid();
      await db
        .insertInto('item')
        .values({
          ...{ id: item, station_id: station, seq: 1, kind: 'action', schema_version: 1, payload: '{}' },
          ...{ payload_sha: '', manifest_sha: '', server_seq: 900_001, received_at: now(), signature: '' },
        })
        .execute();
      await db
        .insertInto('record')
        .values({
          ...{ id: record.id, station_id: station, item_id: item, state: 'stored', programme },
          ...{ kind: 'basic-info', subject_kind: 'organisation', subject_code: number, subject_name: name },
          ...{ light: null, unique_code: null, rejection: null, received_at: now(), settled_at: now() },
          ...{ superseded_at: null, body: JSON.stringify(record) },
        })
        .execute();
    },
    /** What becomes of so many who register at one moment. */
    raceFor: (unit: { programme: string; name: string; number: string }, times: number) =>
      Promise.all(
        Array.from({ length: times }, () =>
          rows.register({
            ...{ ...unit, scheme: 'credit-code', account: ulid(), type: 'hunan-unit', at: now() },
            ...{ loginNames: [unit.name], passwordHash: '!' },
          }),
        ),
      ),
    loginNameOf: async (number: string): Promise<string | undefined> =>
      (await rows.find(await accountOf(number)))?.loginName,
    count: async (number: string): Promise<number> =>
      (await db.selectFrom('registrant').select('account_id').where('number', '=', number).execute()).length,
    applications: async (number: string): Promise<number[]> =>
      (
        await db
          .selectFrom('key_application')
          .select('is_accepted')
          .where('account_id', '=', await accountOf(number))
          .orderBy('at')
          .execute()
      ).map((row) => row.is_accepted),
    close: () => store.close(),
  };
}
export type TestRegistrants = Awaited<ReturnType<typeof openRegistrants>>;
