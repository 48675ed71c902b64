/** A draft begun at a portal goes on at a counter by its code, and back: a real server, real stations, two companies' keys. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PortalDraft, PortalRow } from '#domain/contracts/portal/records.ts';
import { showDraftCode } from '#domain/record/draft-code.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { createApplicant, qualificationValues } from '#tests/support/applicant.ts';
import {
  company,
  liaoning,
  otherCompany,
  startCounterWithPortal,
  teams,
} from '#tests/support/carried-drafts.ts';
import type { CounterWithPortal } from '#tests/support/carried-drafts.ts';
import { demoQualification, drawConstructionQualification } from '#tests/support/documents.ts';
import { startLineProxy } from '#tests/support/line-proxy.ts';
import type { LineProxy } from '#tests/support/line-proxy.ts';
import { photograph } from '#tests/support/photograph.ts';
import { onePixel } from '#tests/support/portal-forms.ts';
import { eventually } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const qualification = { programme: liaoning, kind: 'qualification-grade', role: 'bidder' };
const team = { programme: teams, kind: 'labour-team', role: 'labour-company' };
const slot = 'certificate';
let at: CounterWithPortal;
let line: LineProxy;
let other: Awaited<ReturnType<WholeStation['startNeighbour']>>;
let key: string;
let foreign: string;
const applicant = createApplicant(() => at.whole);

beforeAll(async () => {
  at = await startCounterWithPortal();
  line = await startLineProxy({ targetPort: Number(new URL(at.whole.serverUrl()).port) });
  other = await at.whole.startNeighbour({
    ...{ stationId: 'station-2', stationName: '二号采集站', serverUrl: line.url },
  });
  key = await at.portal.withKey(company);
  foreign = await at.portal.withKey(otherCompany);
});
afterAll(async () => {
  await other?.agent.close();
  await line?.close();
  await at?.close();
});

const draftOf = (programme: string, id: string, cookie = key) =>
  at.ask<PortalDraft>('GET', `/${programme}/drafts/${id}`, cookie);
async function saveTeam(draft: PortalDraft, form: Record<string, string>): Promise<PortalDraft> {
  const { answers, papers, revision } = draft;
  const body = { answers, papers, form: { ...draft.form, ...form }, revision };
  return (await at.ask<PortalDraft>('PUT', `/${teams}/drafts/${draft.id}`, key, body)).told;
}
const attach = (id: string, bytes: Uint8Array, name: string) =>
  fetch(
    `${at.whole.serverUrl()}/api/portals/${teams}/drafts/${id}/files/roster?name=${encodeURIComponent(name)}`,
    {
      method: 'POST',
      headers: { cookie: key, 'content-type': 'application/octet-stream' },
      body: Buffer.from(bytes),
    },
  ).then(({ status }) => expect(status).toBe(200));
const open = (code: string, station = at.whole.station) => station.call('openDraft', { body: { code } });
const refusedBy = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: { code?: unknown }) => error.code,
  );
async function begunTeam(name: string): Promise<PortalDraft> {
  return saveTeam(await at.begin(key, team), { teamName: name, leaderPhone: '13800138001' });
}

describe('a draft whose papers the counter scans', () => {
  it('is begun at the portal and not handed in there, goes on at the counter with all values, and is sealed and handed in', async () => {
    const begun = await at.begin(key, qualification);
    expect(begun.mayCarry).toBe(true);
    const entered = {
      answers: [{ certificateType: 'construction-general-building', isMain: 'yes' }],
      papers: { [slot]: qualificationValues },
    };
    await at.ask('PUT', `/${liaoning}/drafts/${begun.id}`, key, {
      ...entered,
      form: {},
      revision: begun.revision,
    });
    expect((await at.ask('POST', `/${liaoning}/drafts/${begun.id}/handing-in`, key)).code).toBe(
      'RECORD_OF_COUNTER',
    );
    const code = await at.codeOf(key, liaoning, begun.id);

    await applicant.login();
    const record = await open(showDraftCode(code).toLowerCase());
    expect(record).toMatchObject({
      ...{ state: 'draft', kind: 'qualification-grade', role: 'bidder', answers: entered.answers[0] },
      carried: { draft: begun.id },
    });
    expect(record.materials[0]?.values).toMatchObject(qualificationValues);
    const away = (await draftOf(liaoning, begun.id)).told;
    expect(away.atCounter?.station).toBe('一号采集站');
    expect(
      (
        await at.ask('PUT', `/${liaoning}/drafts/${begun.id}`, key, {
          ...entered,
          form: {},
          revision: away.revision,
        })
      ).code,
    ).toBe('DRAFT_AT_COUNTER');
    expect(await refusedBy(open(code))).toBe('DRAFT_CODE_USED');

    const { jpeg } = await photograph(await drawConstructionQualification(demoQualification), { seed: 31 });
    await applicant.upload(record.id, slot, jpeg);
    await applicant.fill(record.id, slot, qualificationValues);
    await applicant.seal(record.id, slot);
    await applicant.save(record.id, slot);
    await applicant.submit(record.id);
    const stored = await eventually('it is stored', async () => {
      const now: LudengRecord = await applicant.record(record.id);
      if (now.rejection) throw new Error(JSON.stringify(now.rejection));
      return now.state === 'stored' ? now : undefined;
    });
    expect(stored.uniqueCode).toBeTruthy();
    await eventually('nothing is left of the draft', async () =>
      (await draftOf(liaoning, begun.id)).code === 'NOT_FOUND' ? true : undefined,
    );
  });
});

describe('a draft that comes back', () => {
  it('has what was entered and attached at the counter, and nothing of it stays there', async () => {
    const draft = await begunTeam('钢筋一班');
    await attach(draft.id, onePixel, '花名册.png');
    await at.login(company, team);
    const record = await open(await at.codeOf(key, teams, draft.id));
    expect(record).toMatchObject({ form: { teamName: '钢筋一班', leaderPhone: '13800138001' } });
    const [file] = record.attachments ?? [];
    expect(file?.name).toBe('花名册.png');
    const station = at.whole.station;
    const params = { id: record.id, attachment: 'roster' };
    const held = await station.call('attachment', { params: { ...params, sha: file?.sha ?? '' } });
    expect(Buffer.from(await held.arrayBuffer()).equals(onePixel)).toBe(true);

    // larger than one piece of the line
    const scan = Buffer.concat([Buffer.from(onePixel), Buffer.alloc(700_000, 7)]);
    const query = { revision: String(record.revision), name: '新花名册.png' };
    const withScan = await station.call('attach', { params, query, body: new Uint8Array(scan) });
    const without = await station.call('removeAttachment', {
      params: { ...params, sha: file?.sha ?? '' },
      query: { revision: String(withScan.revision) },
    });
    const edited = await station.call('editForm', {
      params: { id: record.id },
      body: { revision: without.revision, form: { teamName: '钢筋二班' } },
    });
    expect(
      await station.call('giveDraftBack', { params: { id: record.id }, body: { revision: edited.revision } }),
    ).toEqual({
      left: 0,
    });
    expect(await refusedBy(station.call('record', { params: { id: record.id } }))).toBe('NOT_FOUND');
    const back = (await draftOf(teams, draft.id)).told;
    expect(back.atCounter).toBeUndefined();
    expect(back.form).toMatchObject({ teamName: '钢筋二班', leaderPhone: '13800138001' });
    expect(back.files.map(({ name }) => name)).toEqual(['新花名册.png']);
    const sha = back.files[0]?.sha ?? '';
    const read = await fetch(
      `${at.whole.serverUrl()}/api/portals/${teams}/drafts/${draft.id}/files/roster/${sha}`,
      {
        headers: { cookie: key },
      },
    );
    expect(Buffer.from(await read.arrayBuffer()).equals(scan)).toBe(true);
    expect(
      (await at.ask<{ record?: string }>('POST', `/${teams}/drafts/${draft.id}/handing-in`, key)).told.record,
    ).toBe(draft.id);
  });

  it('goes to a counter again by another code, and once the portal has fetched it back the counter cannot give it', async () => {
    const draft = await begunTeam('木工一班');
    await at.login(company, team);
    const first = await open(await at.codeOf(key, teams, draft.id));
    expect((await at.ask('POST', `/${teams}/drafts/${draft.id}/code`, key)).code).toBe('DRAFT_AT_COUNTER');
    expect((await at.ask('POST', `/${teams}/drafts/${draft.id}/handing-in`, key)).code).toBe(
      'DRAFT_AT_COUNTER',
    );
    const station = at.whole.station;
    await station.call('giveDraftBack', { params: { id: first.id }, body: { revision: first.revision } });
    const second = await open(await at.codeOf(key, teams, draft.id));
    expect(second.id).not.toBe(first.id);
    expect((await at.ask('DELETE', `/${teams}/drafts/${draft.id}/carrying`, foreign)).code).toBe('NOT_FOUND');
    const fetched = await at.ask<PortalDraft>('DELETE', `/${teams}/drafts/${draft.id}/carrying`, key);
    expect(fetched.told.atCounter).toBeUndefined();
    const giving = station.call('giveDraftBack', {
      params: { id: second.id },
      body: { revision: second.revision },
    });
    expect(await refusedBy(giving)).toBe('DRAFT_TAKEN_BACK');
    expect((await station.call('record', { params: { id: second.id } })).state).toBe('draft');
  });

  it('deleted at the counter is the portal’s again, as it was when it went', async () => {
    const draft = await begunTeam('瓦工一班');
    await at.login(company, team);
    const station = at.whole.station;
    const record = await open(await at.codeOf(key, teams, draft.id));
    await station.call('editForm', {
      params: { id: record.id },
      body: { revision: record.revision, form: { teamName: '窗口改过的班组' } },
    });
    await station.call('deleteRecord', { params: { id: record.id } });
    const back = await eventually('the portal has it', async () => {
      const { told } = await draftOf(teams, draft.id);
      return told.atCounter ? undefined : told;
    });
    expect(back.form['teamName']).toBe('瓦工一班');
    expect((await saveTeam(back, { teamName: '瓦工二班' })).form['teamName']).toBe('瓦工二班');
    const handed = await at.ask<{ record?: string }>('POST', `/${teams}/drafts/${draft.id}/handing-in`, key);
    expect(handed.told.record).toBe(draft.id);
  });

  it('deleted while there is no line is the portal’s again once there is one; what was opened elsewhere meanwhile stays there', async () => {
    const [draft, moved] = [await begunTeam('吊装一班'), await begunTeam('吊装二班')];
    await at.login(company, team, other.station);
    const opened = [
      await open(await at.codeOf(key, teams, draft.id), other.station),
      await open(await at.codeOf(key, teams, moved.id), other.station),
    ];
    line.block();
    try {
      await eventually('the connection is broken', async () =>
        (await other.station.call('station')).line.state === 'online' ? undefined : true,
      );
      for (const { id } of opened) await other.station.call('deleteRecord', { params: { id } });
      expect((await draftOf(teams, draft.id)).told.atCounter?.station).toBe('二号采集站');
      await at.ask('DELETE', `/${teams}/drafts/${moved.id}/carrying`, key);
      await at.login(company, team);
      await open(await at.codeOf(key, teams, moved.id));
    } finally {
      line.mend();
    }
    await eventually('the portal has it', async () =>
      (await draftOf(teams, draft.id)).told.atCounter ? undefined : true,
    );
    expect((await draftOf(teams, moved.id)).told.atCounter?.station).toBe('一号采集站');
  });

  it('fetched back and handed in at the portal is not handed in at the counter once more', async () => {
    const draft = await begunTeam('架子一班');
    await at.login(company, team);
    const record = await open(await at.codeOf(key, teams, draft.id));
    await at.ask('DELETE', `/${teams}/drafts/${draft.id}/carrying`, key);
    expect(
      (await at.ask<{ record?: string }>('POST', `/${teams}/drafts/${draft.id}/handing-in`, key)).told.record,
    ).toBe(draft.id);
    const station = at.whole.station;
    await station.call('submit', { params: { id: record.id }, body: { revision: record.revision } });
    const refused = await eventually('it is refused', async () => {
      const now = await station.call('record', { params: { id: record.id } });
      return now.state === 'rejected' ? now.rejection : undefined;
    });
    expect(refused?.code).toBe('DRAFT_HANDED_IN');
    const rows = (await at.ask<PortalRow[]>('GET', `/${teams}/records?kind=labour-team`, key)).told;
    expect(rows.filter(({ summary }) => summary.form['teamName'] === '架子一班')).toHaveLength(1);
  });
});

describe('a code', () => {
  it('opens nothing for another subject, in another programme, after its time, or once a newer one was made; none of that uses it up', async () => {
    const draft = await begunTeam('防水一班');
    const first = await at.codeOf(key, teams, draft.id);
    const code = await at.codeOf(key, teams, draft.id);
    await at.login(otherCompany, team);
    expect(await refusedBy(open(code))).toBe('DRAFT_OF_ANOTHER');
    await at.login(company, qualification);
    expect(await refusedBy(open(code))).toBe('DRAFT_OF_OTHER_PROGRAMME');
    await at.login(company, team);
    expect(await refusedBy(open(first))).toBe('DRAFT_CODE_UNKNOWN');
    expect(await refusedBy(open('这不是办理码'))).toBe('DRAFT_CODE_UNKNOWN');
    const setTime = (ms: number) =>
      at.portal.units.db
        .updateTable('record_draft')
        .set({ code_expires_at_ms: ms })
        .where('id', '=', draft.id)
        .execute();
    await setTime(Date.now() - 1);
    expect(await refusedBy(open(code))).toBe('DRAFT_CODE_EXPIRED');
    await setTime(Date.now() + 60_000);
    expect((await open(code)).form['teamName']).toBe('防水一班');
    const kept = await at.portal.units.db.selectFrom('record_draft').selectAll().execute();
    expect(JSON.stringify(kept)).not.toContain(code);
  });

  it('opens for one of two counters that show it at one moment', async () => {
    const draft = await begunTeam('抹灰一班');
    const code = await at.codeOf(key, teams, draft.id);
    await at.login(company, team);
    await at.login(company, team, other.station);
    const answers = await Promise.all([refusedOrOpened(code), refusedOrOpened(code, other.station)]);
    expect(answers.toSorted()).toEqual(['DRAFT_CODE_USED', 'opened']);
  });

  it('is asked for a key where none has been shown, and says that there is no line', async () => {
    const draft = await begunTeam('油漆一班');
    const code = await at.codeOf(key, teams, draft.id);
    await at.login(company, team, other.station);
    line.block();
    await eventually('the connection is broken', async () =>
      (await other.station.call('station')).line.state === 'online' ? undefined : true,
    );
    expect(await refusedBy(open(code, other.station))).toBe('DRAFT_NO_LINE');
    await at.login(company, team, other.station);
    await at.whole.counter.token.setFault({ trouble: 'removed' });
    await eventually('the key is gone', async () =>
      (await other.station.call('tokens')).length === 0 ? true : undefined,
    );
    line.mend();
    await eventually('the key is asked for', async () =>
      (await other.station.call('station')).subjectRecords?.state === 'needs-key' ? true : undefined,
    );
    expect(await refusedBy(open(code, other.station))).toBe('DRAFT_NEEDS_KEY');
    await at.whole.counter.token.setFault();
    expect((await draftOf(teams, draft.id)).told.atCounter).toBeUndefined();
  });

  it('is not guessed: wrong ones are counted for the subject at all counters, and then the right one waits too', async () => {
    const draft = await begunTeam('电焊一班');
    const code = await at.codeOf(key, teams, draft.id);
    await eventually('the keys are back', async () =>
      (await at.whole.station.call('tokens')).length > 1 ? true : undefined,
    );
    await at.login(company, team);
    const forget = () =>
      at.portal.units.db.deleteFrom('tally').where('name', 'like', 'draft-code%').execute();
    await forget();
    const guesses: unknown[] = [];
    for (let n = 0; n < 8; n += 1) guesses.push(await refusedBy(open(`AAAAAAAAA${'23456789'[n] ?? ''}`)));
    expect(guesses[0]).toBe('DRAFT_CODE_UNKNOWN');
    expect(guesses.at(-1)).toBe('TOO_MANY_ATTEMPTS');
    expect(await refusedBy(open(code))).toBe('TOO_MANY_ATTEMPTS');
    await forget();
    expect((await open(code)).form['teamName']).toBe('电焊一班');
  });
});

const refusedOrOpened = async (code: string, station = at.whole.station): Promise<unknown> => {
  const answer = await refusedBy(open(code, station));
  return answer === 'done' ? 'opened' : answer;
};
