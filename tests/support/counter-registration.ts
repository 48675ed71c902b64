/** A person without any key at the counter, and the papers of the unit that is registered there. */
import { join } from 'node:path';
import sharp from 'sharp';
import { ulid } from 'ulid';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { Values } from '#domain/primitives.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { demoLicence } from './documents.ts';
import type { TestOutsideServices } from './outside-services.ts';
import { makePerson } from './people.ts';
import type { Someone } from './phone.ts';
import { makeUnitCode } from './unit-codes.ts';
import { storeSettings } from './server-stores.ts';
import { eventually } from './whole-station.ts';
import type { WholeStation } from './whole-station.ts';

export const registrationProgramme = 'yunnan-user-centre';
/** Whose card the hand of the simulated counter lays down. */
export const cardHolder = { name: '王建国', idNumber: '210103197506120014', mobile: '13800000001' };
export const mainHandler = { name: '李小红', idNumber: '530102199001011231', mobile: '13800000002' };

export const registrationForm: Values = {
  unitName: demoLicence.companyName,
  creditCode: demoLicence.creditCode,
  unitType: demoLicence.companyType,
  address: demoLicence.address,
  establishedOn: '2012-06-18',
  businessScope: demoLicence.businessScope,
  representative: cardHolder.name,
  representativeId: cardHolder.idNumber,
  representativeMobile: cardHolder.mobile,
  handler: mainHandler.name,
  handlerId: mainHandler.idNumber,
  handlerMobile: mainHandler.mobile,
};

/** As 工商备案 has the unit of the form. */
export const registerUnit = (
  services: TestOutsideServices,
  changed: { name?: string; creditCode?: string } = {},
): Promise<void> =>
  services.addBusiness({
    creditCode: demoLicence.creditCode,
    name: demoLicence.companyName,
    legalRepresentative: demoLicence.legalRepresentative,
    type: demoLicence.companyType,
    address: demoLicence.address,
    registeredCapital: demoLicence.registeredCapital,
    establishedOn: '2012-06-18',
    businessScope: demoLicence.businessScope,
    state: 'active',
    ...changed,
  });

let made = 0;
/** One more of the card holder's, which nobody has registered, with a main handler of its own who has no account yet. */
export async function makeCounterUnit(
  services: TestOutsideServices,
): Promise<{ form: Values; handler: Someone }> {
  made += 1;
  const [name, creditCode] = [`沈阳新${made}建设工程有限公司`, makeUnitCode()];
  await registerUnit(services, { name, creditCode });
  const handler = makePerson('李小红');
  const { name: handlerName, idNumber: handlerId, mobile: handlerMobile } = handler;
  const form = {
    ...{ ...registrationForm, unitName: name, creditCode },
    ...{ handler: handlerName, handlerId, handlerMobile },
  };
  return { form, handler };
}

/** As after the real-name authentication on the phone. */
export async function proveNames(
  whole: WholeStation,
  people: readonly { name: string; idNumber: string; mobile: string }[],
): Promise<void> {
  const folder = join(whole.folder, 'server');
  const store = await openStore({ ...(await storeSettings(folder)), folder, beside: true });
  const now = new Date().toISOString();
  for (const { name, idNumber: id_number, mobile } of people)
    await store.db
      .insertInto('person')
      .values({ id: ulid(), name, id_number, mobile, real_name_at: now, created_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  await store.close();
}

export const plainPicture = (colour: string): Promise<Uint8Array> =>
  sharp({ create: { width: 400, height: 600, channels: 3, background: colour } })
    .png()
    .toBuffer();

export interface CounterApplicant {
  begin(kind?: string): Promise<LudengRecord>;
  record(id: string): Promise<LudengRecord>;
  fill(id: string, values: Values): Promise<LudengRecord>;
  attach(id: string, attachment: string, file: Uint8Array): Promise<LudengRecord>;
  /** The three attachments of an enterprise, without reading them. */
  attachAll(id: string): Promise<void>;
  submit(id: string): Promise<LudengRecord>;
  until(id: string, what: string, is: (record: LudengRecord) => boolean): Promise<LudengRecord>;
}

export function createCounterApplicant(whole: () => WholeStation): CounterApplicant {
  const record = (id: string) => whole().station.call('record', { params: { id } });
  const attach: CounterApplicant['attach'] = async (id, attachment, body) => {
    const query = { revision: String((await record(id)).revision), name: `${attachment}.png` };
    return whole().station.call('attach', { params: { id, attachment }, query, body });
  };
  return {
    record,
    attach,
    begin: (kind = 'enterprise-registration') =>
      whole().station.call('createRecord', { body: { kind, answers: {} } }),
    async fill(id, values) {
      const { revision, form } = await record(id);
      return whole().station.call('editForm', {
        params: { id },
        body: { revision, form: { ...form, ...values } },
      });
    },
    async attachAll(id) {
      await attach(id, 'licence', await plainPicture('#fdf6e3'));
      await attach(id, 'authorisation', await plainPicture('#eee'));
      await attach(id, 'commitment', await plainPicture('#ddd'));
    },
    async submit(id) {
      return whole().station.call('submit', {
        params: { id },
        body: { revision: (await record(id)).revision },
      });
    },
    until: (id, what, is) =>
      eventually(what, async () => {
        const now = await record(id);
        return is(now) ? now : undefined;
      }),
  };
}
