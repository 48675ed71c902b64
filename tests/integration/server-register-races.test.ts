/**
 * What comes to the registers at one moment from several sides: one stands, the others hear in words why not, and the rows are
 * what the log says. Where several processes share the store, each side asks another one.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { contractor, newPerson, openQuality, supervision } from '#tests/support/quality-portal.ts';
import type { Quality } from '#tests/support/quality-portal.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { readWorks } from '../../sync-server/store/work-writing.ts';
import { makeDataFolder, startTestServer, testSettings } from './server-support.ts';

let quality: Quality;
let second: RunningServer | undefined;
const beside = makeDataFolder();
beforeAll(async () => {
  quality = await openQuality();
  if (inject('postgres') === undefined) return;
  const { folder } = quality.portal.data;
  second = await startTestServer(beside.folder, {
    ...(await storeSettings(folder)),
    ...{ keyFile: join(folder, 'server-key.pem'), services: quality.outside.settings },
  });
});
afterAll(async () => {
  await second?.close();
  await quality?.close();
  beside.remove();
});

let made = 0;
const nextId = (): string => {
  made += 1;
  return `R${made}-${Date.now()}`;
};
const urls = (): string[] => [quality.server.url, second?.url ?? quality.server.url];
type Told = Awaited<ReturnType<Quality['report']>>;
/** Asked of that side. */
async function askAt(side: number, path: string, cookie: string, body?: object) {
  const answer = await fetch(`${urls()[side]}${path}`, {
    method: 'POST',
    headers: { cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body ? JSON.stringify(body) : null,
  });
  return { status: answer.status, told: (await answer.json()) as Told['told'] };
}
const rebuilt = async (): Promise<string> => {
  const { folder } = quality.portal.data;
  return administer(serverSettingsSchema.parse(testSettings(folder, await storeSettings(folder))), [
    'rebuild-registers',
  ]);
};

const takenText = '该施工许可证编号已登记在其他工程';
type Role = 'construction' | 'supervision';
/** 补录施工许可证 as it stands before 提交. */
async function permitFor(work: string, permitNumber: string, whose: Role = 'construction') {
  const cookie = quality.cookies[whose];
  const wanted = { kind: 'work-permit', role: 'construction', work };
  const { told } = await quality.ask('POST', `${quality.at}/drafts`, cookie, wanted);
  const id = String(told['id']);
  await quality.fill(whose, id, { permitNumber, permitDate: '2026-05-01' });
  expect(await quality.attach(whose, id, 'permit')).toBe(200);
  return {
    ...{ id, work, whose },
    handIn: (side: number) => askAt(side, `${quality.at}/drafts/${id}/handing-in`, cookie),
  };
}
type Permit = Awaited<ReturnType<typeof permitFor>>;

/** What became of it: effective, refused as it was handed in, or refused as a body approves it. The words of a refusal. */
async function outcomeOf(permit: Permit, { status, told }: { status: number; told: Told['told'] }) {
  if (status !== 200) return { status, words: String(told['message']) };
  const state = await waitUntil(
    async () => {
      const { told: record } = await quality.read(permit.whose, permit.id);
      return (record['summary'] as { cases?: { state: string }[] }).cases?.[0]?.state;
    },
    { what: `a case of ${permit.id}`, timeoutMs: 60_000 },
  );
  if (state === 'approved') return 'effective';
  const decided = await quality.decide('supervisor', permit.id, 'approve');
  return { status: decided.status, words: String(decided.told['message']) };
}

test('of two 补录施工许可证 with one number at one moment one takes effect, and the other is refused in words', async () => {
  for (let round = 0; round < 4; round += 1) {
    const number = nextId().toUpperCase();
    const works = [nextId(), nextId()] as const;
    await quality.work(works[0]);
    await quality.work(works[1], { unit: supervision.code });
    const permits = [
      await permitFor(works[0], number),
      await permitFor(works[1], ` ${number.replace('R', 'Ｒ').toLowerCase()}`, 'supervision'),
    ];
    const answers = await Promise.all(permits.map((permit, side) => permit.handIn(side)));
    const outcomes = await Promise.all(
      permits.map((permit, index) => outcomeOf(permit, answers[index] ?? { status: 0, told: {} })),
    );
    const lost = outcomes.filter((one) => one !== 'effective');
    expect(lost).toEqual([{ status: 422, words: takenText }]);
    const rows = await readWorks(quality.db, works);
    expect(rows.flatMap(({ permitNumber }) => permitNumber ?? [])).toEqual([number]);
    // whose record says 已生效, his work has it
    const [winner] = rows.filter(({ permitNumber }) => permitNumber === number);
    expect(winner?.id).toBe(permits[outcomes.indexOf('effective')]?.work);
  }
  expect(await rebuilt()).toContain('逐字节一致');
});

/** As 工改系统 sends it. */
const push = (id: string, work: object, version = 1) =>
  quality.outside.pushWork({
    ...{ server: quality.server.url, programme: 'yunnan-quality-safety' },
    push: {
      version,
      work: {
        ...{ id, name: '推送的工程', unit: contractor.code, authority: '住建局', supervisor: '质监站' },
        ...{ units: [], details: {}, ...work },
      },
      staff: [],
    },
  });

test('two 补录施工许可证 at one moment, while 工改系统 sends the work on and on, follow each other, and nothing undoes another', async () => {
  for (let round = 0; round < 3; round += 1) {
    const work = nextId();
    await push(work, {});
    const numbers = [nextId().toUpperCase(), nextId().toUpperCase()];
    const permits = await Promise.all(numbers.map((number) => permitFor(work, number)));
    const sides = { open: permits.length, version: 1 };
    async function send(): Promise<void> {
      while (sides.open > 0) {
        const version = (sides.version += 1);
        const sent = await push(work, { name: `第${version}版` }, version);
        expect(sent).toMatchObject({ status: 200, body: { result: 'accepted' } });
      }
    }
    async function handIn(permit: Permit, side: number): Promise<void> {
      try {
        expect(await outcomeOf(permit, await permit.handIn(side))).toBe('effective');
      } finally {
        sides.open -= 1;
      }
    }
    await Promise.all([send(), ...permits.map(handIn)]);
    const { told } = await quality.ask('GET', `${quality.at}/works/${work}`, quality.cookies.construction);
    const last = String((told['work'] as { permitNumber?: string }).permitNumber);
    expect(told['work']).toMatchObject({ name: `第${sides.version}版` });
    const altered = (told['changes'] as { source: string; changes: object[] }[])
      .filter(({ source }) => source === 'record')
      .map(({ changes }) => changes);
    const first = numbers.find((number) => number !== last);
    expect(altered).toEqual([
      [{ what: 'permitNumber', before: first, after: last }],
      [
        { what: 'permitNumber', before: '', after: first },
        { what: 'permitDate', before: '', after: '2026-05-01' },
      ],
    ]);
  }
  expect(await rebuilt()).toContain('逐字节一致');
});

test('of a 补录施工许可证 and a work from 工改系统 with one number at one moment one takes effect', async () => {
  for (let round = 0; round < 4; round += 1) {
    const number = nextId().toUpperCase();
    const [own, pushed] = [await quality.work(nextId()), nextId()];
    const permit = await permitFor(own, number);
    const [answer, arrived] = await Promise.all([permit.handIn(1), push(pushed, { permitNumber: number })]);
    const outcome = await outcomeOf(permit, answer);
    const isFirst = outcome === 'effective';
    if (!isFirst) expect(outcome).toEqual({ status: 422, words: takenText });
    expect(arrived).toMatchObject(
      isFirst ? { status: 409, body: { code: 'WORK_PERMIT_TAKEN' } } : { status: 200 },
    );
    const rows = await readWorks(quality.db, [own, pushed]);
    expect(rows.filter(({ permitNumber }) => permitNumber === number).map(({ id }) => id)).toEqual([
      isFirst ? own : pushed,
    ]);
  }
  expect(await rebuilt()).toContain('逐字节一致');
});

test('of two 变更工程信息 that begin with the same neither takes back what the other altered', async () => {
  const work = await quality.work(nextId(), { details: { address: '昆明市五华区', area: '1200' } });
  const begin = async (altered: Record<string, string>): Promise<string> => {
    const wanted = { kind: 'work-information', role: 'construction', work };
    const { told } = await quality.ask('POST', `${quality.at}/drafts`, quality.cookies.construction, wanted);
    const id = String(told['id']);
    await quality.fill('construction', id, { reason: '规划调整', ...altered });
    return id;
  };
  const drafts = [await begin({ address: '昆明市呈贡区' }), await begin({ area: '1300' })];
  await Promise.all(
    drafts.map((id, side) =>
      askAt(side, `${quality.at}/drafts/${id}/handing-in`, quality.cookies.construction),
    ),
  );
  await waitUntil(
    async () => {
      const { told } = await quality.ask('GET', `${quality.at}/works/${work}`, quality.cookies.construction);
      return (told['changes'] as object[]).length === 2 ? true : undefined;
    },
    { what: 'both changes', timeoutMs: 60_000 },
  );
  const [stands] = await readWorks(quality.db, [work]);
  expect(stands?.details).toMatchObject({ address: '昆明市呈贡区', area: '1300' });
  expect(await rebuilt()).toContain('逐字节一致');
});

test('of both bodies that approve one unlock in the same second one does, and the lock falls once', async () => {
  for (let round = 0; round < 4; round += 1) {
    const one = newPerson(`同秒${'甲乙丙丁'.charAt(round)}`);
    await quality.person(one);
    await quality.appoint(one, 'project-manager', await quality.work(nextId()));
    const record = await quality.unlockOf('contractor', one);
    await quality.report('contractor', record);
    const { id } = await quality.caseOf('supervisor', record);
    const decide = (side: number, desk: 'supervisor' | 'authority') =>
      askAt(side, `/api/cases/${id}/decisions`, quality.desks[desk], {
        ...{ step: 'review', decision: 'approve', opinion: '' },
      });
    const answers = await Promise.all([decide(0, 'supervisor'), decide(1, 'authority')]);
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.told).toMatchObject({ code: 'CASE_CLOSED' });
    expect(await quality.locksOf(one)).toEqual([]);
    const released = await quality.db
      .selectFrom('lock_release')
      .select('id')
      .where('person', '=', one.id)
      .execute();
    expect(released).toHaveLength(1);
  }
  expect(await rebuilt()).toContain('逐字节一致');
});
