/** 竣工验收备案 and changes of a work at the counter: papers by its camera, queued without a connection, judged again by the server. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getProgramme } from '#domain/catalogue/lookup.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { RegisteredWork } from '#domain/registers/schema.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { createApplicant } from '#tests/support/applicant.ts';
import { createCounterApplicant, plainPicture } from '#tests/support/counter-registration.ts';
import { signInAtDesk } from '#tests/support/desk-client.ts';
import { demoCompletion, demoLicence, drawCompletionReport } from '#tests/support/documents.ts';
import { makePerson } from '#tests/support/people.ts';
import { photograph } from '#tests/support/photograph.ts';
import { queryStore, storeSettings } from '#tests/support/server-stores.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { createRegisterRows } from '../../sync-server/store/register-rows.ts';

const programme = 'yunnan-quality-safety';
const { creditCode: unit } = demoLicence;
const bodies = { authority: '昆明市住房和城乡建设局', supervisor: '昆明市质量监督站' };
let whole: WholeStation;
const holder = createApplicant(() => whole);
const applicant = createCounterApplicant(() => whole);

beforeAll(async () => {
  whole = await startWholeStation({ profile: { programme } });
  await holder.login('construction');
});
afterAll(() => whole?.close());

/** Beside the server, as 工改系统 and decisions write. */
async function register(
  rows: Partial<Parameters<ReturnType<typeof createRegisterRows>['put']>[0]>,
): Promise<void> {
  const folder = join(whole.folder, 'server');
  const store = await openStore({ ...(await storeSettings(folder)), folder, beside: true });
  const { locks = [] } = getProgramme(loadCatalogue(), programme);
  try {
    await createRegisterRows(store.db, locks).put({ persons: [], works: [], appointments: [], ...rows });
  } finally {
    await store.close();
  }
}
let made = 0;
/** Another one at each call, also where a test comes again. */
async function newWork(change: Partial<RegisteredWork> = {}): Promise<RegisteredWork> {
  made += 1;
  const id = `KM-${made}`;
  const work: RegisteredWork = {
    ...{ id, name: `${made}号楼`, state: 'under-construction', unit, ...bodies },
    ...{ permitNumber: `PERMIT-${id}`, ...change },
  };
  await register({ works: [work] });
  return work;
}
const stateOf = async (work: string): Promise<string | undefined> =>
  (
    await queryStore<{ state: string }>(
      join(whole.folder, 'server'),
      'select state from registered_work where id = ?',
      work,
    )
  )[0]?.state;

/** Sealed as a whole with the key of the unit. */
async function handIn(id: string): Promise<LudengRecord> {
  const { revision } = await applicant.record(id);
  const [token] = await whole.station.call('tokens');
  const certificate = token?.certificates.find(({ use }) => use === 'sign');
  const key = { tokenId: token?.id ?? '', certificateId: certificate?.id ?? '', pin: demoPin };
  return whole.station.call('submit', { params: { id }, body: { revision, key } });
}

/** As the server has answered. */
const judged = (id: string): Promise<LudengRecord> =>
  applicant.until(id, 'the server answers', ({ state }) => state === 'stored' || state === 'rejected');

async function filing(work: RegisteredWork): Promise<LudengRecord> {
  const { id } = await applicant.begin('completion-filing');
  await applicant.fill(id, {
    ...{ work: work.id, workName: work.name, startedOn: '2024-04-20' },
    ...{ contactName: '李联系', contactPhone: '13800138000' },
  });
  const photo = await photograph(await drawCompletionReport(demoCompletion), { seed: 11 });
  const { attachments } = await applicant.attach(id, 'report', photo.jpeg);
  const sha = attachments?.find(({ attachment }) => attachment === 'report')?.sha ?? '';
  await whole.station.finished(
    await whole.station.call('readAttachment', { params: { id, attachment: 'report', sha } }),
  );
  return applicant.attach(id, 'filing-form', await plainPicture('#fdf6e3'));
}

test('YNQ-071 YNQ-075 its papers come by the counter’s camera and are read into the form; both bodies receive it', async () => {
  const work = await newWork();
  const { id, form } = await filing(work);
  const { conclusion } = demoCompletion;
  expect(form).toMatchObject({ acceptedOn: '2025-10-12' });
  // a reader may take the last stop for a speck
  expect(conclusion).toContain(form['conclusion'] ?? 'nothing');
  await handIn(id);
  await applicant.until(id, 'it is stored', ({ state }) => state === 'stored');
  const desk = await signInAtDesk(whole.serverUrl());
  const waiting = await eventually('its case', () => desk.caseOf(id).catch(() => undefined));
  const parties = waiting.case.parties.map(({ department }) => department);
  expect(parties.toSorted()).toEqual([bodies.supervisor, bodies.authority].toSorted());
  await desk.decide(waiting, 'approve', '资料齐全');
  expect(await stateOf(work.id)).toBe('finished');
  const told = await applicant.until(
    id,
    'the counter hears it',
    ({ cases }) => cases?.[0]?.state === 'approved',
  );
  expect(told.cases?.[0]?.text).toBe('业务办结');
});

test('YNQ-071 without a connection it is queued; a work that was finished meanwhile is refused in words, and the draft stays', async () => {
  const [work, late] = [await newWork(), await newWork()];
  const [good, refused] = [await filing(work), await filing(late)];
  await register({ works: [{ ...late, state: 'finished' }] });
  await whole.stopServer();
  for (const { id } of [good, refused]) expect(await handIn(id)).toMatchObject({ state: 'submitted' });
  await whole.startServer();
  await applicant.until(good.id, 'it is stored', ({ state }) => state === 'stored');
  const back = await judged(refused.id);
  expect(back.state).toBe('rejected');
  expect(back.rejection?.message).toContain('该工程已竣工');
  expect(back.form).toMatchObject({ work: late.id, acceptedOn: '2025-10-12' });
  expect(back.attachments).toHaveLength(2);
});

test('YNQ-016 a person who was locked while the change lay at the counter is refused in words, and the draft stays', async () => {
  const [work, other] = [await newWork(), await newWork()];
  const { name, idNumber } = makePerson('方接任');
  await register({ persons: [{ id: idNumber, name, unit }] });
  const { id } = await applicant.begin('work-personnel');
  const form = {
    work: work.id,
    workName: work.name,
    post: 'safety-officer',
    person: idNumber,
    personName: name,
  };
  await applicant.fill(id, { ...form, reason: '岗位调整' });
  await whole.stopServer();
  expect(await handIn(id)).toMatchObject({ state: 'submitted' });
  await register({
    appointments: [
      {
        ...{ id: `other ${idNumber}`, person: idNumber, work: other.id, post: 'safety-officer' },
        from: '2026-11-01T00:00:00.000Z',
      },
    ],
  });
  await whole.startServer();
  const back = await judged(id);
  expect(back.state).toBe('rejected');
  expect(back.rejection?.message).toBe('该人员已被锁定，不能参与新的在建工程');
  expect(back.form).toMatchObject(form);
  // somebody else takes the place: the same draft is handed in again
  const next = makePerson('方另选');
  await register({ persons: [{ id: next.idNumber, name: next.name, unit }] });
  await applicant.fill(id, { person: next.idNumber, personName: next.name });
  await handIn(id);
  await applicant.until(id, 'it is stored', ({ state }) => state === 'stored');
});
