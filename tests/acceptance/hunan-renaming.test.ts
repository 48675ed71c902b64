/** A unit of Hunan that is renamed: 变更 of its basic information at the portal, and what it is called by from then on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { portalDraftSchema, portalRecordSchema } from '#domain/contracts/portal/records.ts';
import type { PortalDraft } from '#domain/contracts/portal/records.ts';
import { openDoor } from '#tests/support/portal-door.ts';
import type { Door, Told } from '#tests/support/portal-door.ts';
import { basicInfo, licence, onePixel } from '#tests/support/portal-forms.ts';
import { createTestCompany } from '#tests/support/sealed-material.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authority, authorityPem } from '../integration/server-fixtures.ts';
import { makeDataFolder, startTestServer } from '../integration/server-support.ts';

const programme = 'hunan-unified-registration';
const at = `/api/portals/${programme}`;
const password = 'kT7-vume-Rado';
const renamed = '长沙岳麓咨询集团有限公司';
const first = { name: '长沙岳麓招标代理有限公司', code: '91430100MA4Q2C3D4T' };
const second = { name: '株洲芦淞测绘有限公司', code: '91430103MA4T8G9H1K' };
const handedIn = z.object({ problems: z.record(z.string(), z.string()), record: z.string().optional() });

const data = makeDataFolder();
let server: RunningServer;
beforeAll(async () => {
  server = await startTestServer(data.folder, { trustAnchors: [authorityPem], demo: true });
});
afterAll(async () => {
  await server?.close();
  data.remove();
});

const save = async (here: Door, draft: PortalDraft, change: Partial<PortalDraft>): Promise<void> => {
  const now = portalDraftSchema.parse((await here.ask('GET', `${at}/drafts/${draft.id}`)).body);
  const { answers, form, papers, revision } = now;
  const body = { answers, form, papers, ...change, revision };
  expect((await here.ask('PUT', `${at}/drafts/${draft.id}`, body)).status).toBe(200);
};
const handIn = (here: Door, { id }: PortalDraft): Promise<Told> =>
  here.ask('POST', `${at}/drafts/${id}/handing-in`);

/** Registered, signed in, with its basic information handed in. */
async function enter(unit: { name: string; code: string }): Promise<{ here: Door; record: string }> {
  const here = openDoor(server.url, programme);
  const asked = { kind: 'hunan-unit', name: unit.name, number: unit.code, password };
  expect((await here.register(asked)).status).toBe(200);
  const begun = await here.ask('POST', `${at}/drafts`, { kind: 'basic-info', role: 'unit' });
  const draft = portalDraftSchema.parse(begun.body);
  for (const slot of ['business-licence', 'legal-representative-id'])
    await here.attach(draft.id, slot, onePixel);
  const { form, papers } = basicInfo(unit, '李经办');
  await save(here, draft, { form: { ...draft.form, ...form }, papers });
  const { problems, record = '' } = handedIn.parse((await handIn(here, draft)).body);
  expect(problems).toEqual({});
  return { here, record };
}
/** 变更 to that name, in the form and on the licence. */
async function change(
  { here, record }: { here: Door; record: string },
  unit: { name: string; code: string },
): Promise<Told> {
  const draft = portalDraftSchema.parse((await here.ask('POST', `${at}/records/${record}/draft`)).body);
  await save(here, draft, {
    form: { ...draft.form, unitName: unit.name },
    papers: { ...draft.papers, 'business-licence': licence(unit) },
  });
  return handIn(here, draft);
}

test('a unit that is renamed by 变更 signs in by its new name and by a key with it, the old one says so, and no other unit takes it', async () => {
  const own = await enter(first);
  const { problems, record } = handedIn.parse((await change(own, { ...first, name: renamed })).body);
  expect(problems).toEqual({});

  const { here } = own;
  here.forget();
  const told = await here.signIn(first.name, password);
  expect([told.code, told.details]).toEqual(['LOGIN_NAME_CHANGED', { loginName: renamed }]);
  expect((await here.signIn(renamed, password)).status).toBe(200);
  expect((await here.ask('GET', `${at}/self`)).body).toMatchObject({
    subject: { name: renamed, code: first.code },
  });
  // what is begun from then on is under the new name, and both versions are kept
  const begun = await here.ask('POST', `${at}/drafts`, { kind: 'unit-qualification', role: 'unit' });
  expect(portalDraftSchema.parse(begun.body).papers['certificate']?.['companyName']).toBe(renamed);
  const stored = portalRecordSchema.parse((await here.ask('GET', `${at}/records/${record}`)).body);
  expect(stored.versions.map(({ id }) => id)).toEqual([record, own.record]);
  const before = portalRecordSchema.parse((await here.ask('GET', `${at}/records/${own.record}`)).body);
  expect(before.summary.form['unitName']).toBe(first.name);

  const keyOf = (companyName: string) =>
    createTestCompany(authority, { subject: { companyName, creditCode: first.code } });
  here.forget();
  expect((await here.signInByKey(keyOf(first.name))).code).toBe('KEY_NAME_DIFFERS');
  expect((await here.signInByKey(keyOf(renamed))).status).toBe(200);

  const other = await enter(second);
  expect((await change(other, { ...second, name: renamed })).code).toBe('LOGIN_NAME_TAKEN');
  other.here.forget();
  expect((await other.here.signIn(second.name, password)).status).toBe(200);
  expect((await other.here.ask('GET', `${at}/records/${other.record}`)).body).toMatchObject({
    summary: { state: 'stored', form: { unitName: second.name } },
  });
});
