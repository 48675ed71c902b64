/**
 * kill -9 between a decision and its effects, and while a station shows whose records it may see: what was decided has every
 * effect, once; what was not, none; and no change is lost or told twice.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { creditCodeCheck } from '#domain/fields/check-digits.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import { pullAnswerSchema } from '#domain/sync/schema.ts';
import { subjectChallengeSchema, subjectEvents, subscriptionSchema } from '#domain/sync/subject-feed.ts';
import { challengeBytes } from '#sealing/challenge.ts';
import { signAs } from '#tests/emulators/signing-token/demo-ca.ts';
import { openCaseFiler } from '#tests/support/filed-cases.ts';
import { sampled } from '#tests/support/nightly.ts';
import { makePerson } from '#tests/support/people.ts';
import { enrolmentCode, startServerProcess } from '#tests/support/server-process.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';
import { openUnits } from '#tests/support/units.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { authorityPem, company, subject } from '../integration/server-fixtures.ts';
import { appendChanges } from '../../sync-server/store/bookkeeping.ts';
import { connectStation, enrol, makeIdentity } from '../integration/server-support.ts';
import { ulid } from 'ulid';

const password = 'a long password of the test';
const accounts = [
  { id: 'reviewer', name: '张科长', department: '主管部门', permissions: ['registrations'], password },
];
let folder: string;
let server: ServerProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kill-effects-'));
  server = await startServerProcess(folder, { accounts, trustAnchors: [authorityPem] });
});
afterEach(async () => {
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
});
const dataFolder = (): string => join(folder, 'data');
const someMs = (max: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * max));

test(
  'a decision that was under way when the server was killed has all of its effects once, or none yet',
  async () => {
    const units = await openUnits(dataFolder());
    const filer = await openCaseFiler(dataFolder());
    try {
      const cases: { caseId: string; recordId: string; code: string }[] = [];
      for (let n = 0; n < sampled(4, 60); n += 1) {
        const [representative, handler] = [makePerson('杀停法人'), makePerson('杀停经办')];
        for (const one of [representative, handler]) await units.addPerson(one);
        const body = `91530100MA6K3K${String(n).padStart(3, '0')}`;
        const code = `${body}${creditCodeCheck(body)}`;
        const filed = await filer.registration({
          ...{ unitName: `杀停${n}公司`, creditCode: code, representative, handler },
        });
        await units.decide(filed.caseId, representative, 'confirm');
        cases.push({ ...filed, code });
      }
      let killed = 0;
      for (const { caseId } of cases) {
        while ((await stateOf(caseId)) === 'open') {
          await server.start();
          const cookie = await signIn();
          const decided = fetch(`${server.url}/api/cases/${caseId}/decisions`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', cookie },
            body: JSON.stringify({ step: 'review', decision: 'approve', opinion: '' }),
          }).catch(() => undefined);
          await someMs(60);
          await server.kill();
          killed += 1;
          await decided;
        }
      }
      expect(killed).toBeGreaterThanOrEqual(cases.length);
      await server.start();
      for (const { caseId, recordId, code } of cases) {
        const count = async (sql: string, ...values: string[]): Promise<number> =>
          (await server.query(sql, ...values)).length;
        expect({
          units: await count('select code from registered_unit where code = ?', code),
          accounts: await count(`select id from account where record_id = ? and kind = 'main'`, recordId),
          decisions: await count('select case_id from case_decision where case_id = ?', caseId),
          told: await count('select id from notice where case_id = ?', caseId),
          effects: await server.effects('case-decided', caseId),
        }).toEqual({ units: 1, accounts: 1, decisions: 2, told: 2, effects: 2 });
      }
      await server.kill();
      const settings = serverSettingsSchema.parse({
        ...(await storeSettings(dataFolder())),
        dataFolder: dataFolder(),
      });
      expect(await administer(settings, ['verify-log'])).toContain('日志完好');
    } finally {
      await filer.close();
      await units.close();
    }
  },
  sampled(300_000, 4 * 3_600_000),
);

test(
  'a station that was subscribing when the server was killed comes back to every change, each once, in its order',
  async () => {
    const identity = makeIdentity();
    expect((await enrol(server.url, identity, enrolmentCode)).status).toBe(200);
    const audience = audienceOf.subject(subject);
    const units = await openUnits(dataFolder());
    const told: string[] = [];
    /** What another counter's record brings. */
    const tell = async (): Promise<void> => {
      const recordId = ulid();
      const at = new Date().toISOString();
      const change = { kind: 'record-rejected', recordId, code: 'NOT_CHECKED', message: '', at } as const;
      await units.db
        .transaction()
        .execute((trx) => appendChanges(trx, [{ to: [audience], changes: [change] }], at));
      told.push(recordId);
    };
    const subscribe = async (station: Awaited<ReturnType<typeof connectStation>>) => {
      const challenge = subjectChallengeSchema.parse(
        await station.send(station.ctl, subjectEvents.challenge, {}),
      );
      const data = challengeBytes({ agreesTo: 'subject-feed', ...challenge });
      const proof = {
        certificate: Buffer.from(company.certificate).toString('base64'),
        chain: [],
        signature: Buffer.from(signAs(company, data)).toString('base64'),
      };
      return subscriptionSchema.parse(await station.send(station.ctl, subjectEvents.subscribe, { proof }));
    };
    try {
      for (let cut = 0; cut < sampled(4, 60); cut += 1) {
        await server.start();
        await tell();
        const station = await connectStation(server.url, identity);
        // the answer never comes where the server dies first: the line that ends says so
        const work = Promise.race([
          subscribe(station).catch(() => undefined),
          new Promise((resolve) => station.ctl.once('disconnect', resolve)),
        ]);
        await someMs(40);
        await server.kill();
        await work;
        station.close();
      }
      await server.start();
      const station = await connectStation(server.url, identity);
      const { head } = await subscribe(station);
      await tell();
      const { changes } = pullAnswerSchema.parse(
        await station.send(station.ctl, 'pull', { audience, epoch: head.epoch, after: 0, maxBytes: 1e6 }),
      );
      expect(changes.map(({ change }) => ('recordId' in change ? change.recordId : ''))).toEqual(told);
      expect(changes.map(({ seq }) => seq)).toEqual(told.map((_, n) => n + 1));
      expect(head.seq).toBe(told.length - 1);
      station.close();
    } finally {
      await units.close();
    }
  },
  sampled(300_000, 4 * 3_600_000),
);

async function signIn(): Promise<string> {
  const answer = await fetch(`${server.url}/api/session`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ account: 'reviewer', password }),
  });
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
async function stateOf(caseId: string): Promise<string> {
  const [row] = (await server.query('select state from case_file where id = ?', caseId)) as {
    state: string;
  }[];
  return row?.state ?? '';
}
