/** What is left of a session for the next person: its work, its events, its drafts. Real agent, two UKeys. */
import SqliteDatabase from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentEventSchema } from '#domain/contracts/kiosk/events.ts';
import type { AgentEvent } from '#domain/contracts/kiosk/events.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { createApplicant } from '#tests/support/applicant.ts';
import { otherCompany, refused, slot } from '#tests/support/bad-input.ts';
import { demoQualification, drawConstructionQualification } from '#tests/support/documents.ts';
import { photograph } from '#tests/support/photograph.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

let whole: WholeStation;
let photo: Uint8Array;
beforeAll(async () => {
  whole = await startWholeStation({ withServer: false, otherHolders: [otherCompany] });
  photo = (await photograph(await drawConstructionQualification(demoQualification), { seed: 21 })).jpeg;
});
afterAll(() => whole?.close());
const applicant = createApplicant(() => whole);

/** Both UKeys are plugged in. */
async function loginAs({ creditCode, pin }: { creditCode: string; pin: string }): Promise<void> {
  for (const token of await whole.station.call('tokens')) {
    const certificate = token.certificates.find(
      (one) => one.use === 'sign' && one.creditCode === creditCode && !one.personName,
    );
    if (!certificate) continue;
    await whole.station.call('login', { body: { tokenId: token.id, certificateId: certificate.id, pin } });
    await whole.station.call('role', { body: { role: 'bidder' } });
    return;
  }
  throw new Error('that UKey is not there');
}
const login = () => loginAs({ creditCode: demoQualification.creditCode, pin: demoPin });

/** An open page, as another window or whoever holds the cookie has it. */
async function listen(): Promise<{ heard: () => AgentEvent[]; close: () => void }> {
  const stop = new AbortController();
  const { body } = await fetch(new URL('/api/events', whole.agent.url), {
    headers: await whole.station.headers(),
    signal: stop.signal,
  });
  let text = '';
  const read = async (): Promise<void> => {
    for await (const part of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()))
      text += part;
  };
  read().catch(() => undefined);
  return {
    heard: () =>
      text
        .split('\n')
        .filter((line) => line.startsWith('data: ') && line.endsWith('}'))
        .map((line) => agentEventSchema.parse(JSON.parse(line.slice(6)))),
    close: () => stop.abort(),
  };
}

test('a job and its result are its session’s: after logout nobody reads, cancels or hears of it', async () => {
  await login();
  const { id } = await applicant.addQualification();
  const done = await applicant.upload(id, slot, photo);
  expect((await whole.station.call('job', { params: { id: done.id } })).state).toBe('done');

  const page = await listen();
  const { draftsKeptUntil } = await whole.station.call('logout');
  expect(Date.parse(draftsKeptUntil ?? '') - Date.now()).toBeGreaterThan(6 * 86_400_000);
  expect(
    await eventually('the end is told', () => page.heard().find(({ type }) => type === 'session-ended')),
  ).toEqual({
    type: 'session-ended',
    reason: 'logout',
    draftsKeptUntil,
  });
  await refused('UNAUTHENTICATED', whole.station.call('job', { params: { id: done.id } }));
  await loginAs(otherCompany);
  await refused('NOT_FOUND', whole.station.call('job', { params: { id: done.id } }));
  await refused('NOT_FOUND', whole.station.call('record', { params: { id } }));
  // the same person, later: the draft is there, the work of that time is not
  await login();
  await refused('NOT_FOUND', whole.station.call('job', { params: { id: done.id } }));
  expect((await applicant.record(id)).materials[0]?.pages).toHaveLength(1);
  page.close();
});

test('work under way ends with its session, and the next person hears nothing of it', async () => {
  await login();
  const { id } = await applicant.addQualification();
  const before = await applicant.record(id);
  const job = await whole.station.call('capture', {
    params: { id, slot },
    query: { source: 'upload' },
    body: photo,
  });
  const page = await listen();
  await applicant.logout();
  await loginAs(otherCompany);
  await refused('NOT_FOUND', whole.station.call('job', { params: { id: job.id } }));
  await whole.station.call('cancelJob', { params: { id: job.id } });
  await login();
  // one that has stopped lets the next one start
  await eventually('the material is free', () =>
    applicant.upload(id, slot, photo).then(
      () => true,
      () => undefined,
    ),
  );
  expect((await applicant.record(id)).revision).toBeGreaterThan(before.revision);
  const told = page.heard().filter((event) => event.type === 'job' && event.job.id === job.id);
  expect(told.filter((event) => event.type === 'job' && event.job.state !== 'running')).toEqual([]);
  page.close();
});

test('the pages of a deleted draft go with it, unless another has them', async () => {
  await login();
  const { id } = await applicant.addQualification();
  const other = (await photograph(await drawConstructionQualification(demoQualification), { seed: 22 })).jpeg;
  await applicant.upload(id, slot, other);
  const sha = (await applicant.record(id)).materials[0]?.pages[0]?.sha ?? '';
  const names = (): string[] => {
    const db = new SqliteDatabase(join(whole.folder, 'station', 'store.db'), { readonly: true });
    const rows = db.prepare('select sha from blob').all() as { sha: string }[];
    db.close();
    return rows.map((row) => row.sha);
  };
  expect(names()).toContain(sha);
  await whole.station.call('deleteRecord', { params: { id } });
  expect(names()).not.toContain(sha);
});

test('a draft that nobody came back for is gone at the next start, and the young one is not', async () => {
  await login();
  const old = await applicant.addQualification();
  const young = await applicant.addQualification();
  await applicant.logout();
  await whole.stopAgent();
  const db = new SqliteDatabase(join(whole.folder, 'station', 'store.db'));
  db.exec(`update draft_age set counted_from = '2020-01-01T00:00:00.000Z'`);
  db.prepare('update record set updated_at = ? where id = ?').run('2020-01-01T00:00:00.000Z', old.id);
  db.close();
  await whole.startAgent();
  await login();
  await refused('NOT_FOUND', whole.station.call('record', { params: { id: old.id } }));
  expect((await applicant.record(young.id)).id).toBe(young.id);
});
