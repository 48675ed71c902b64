/** A company that submitted at one counter goes to another: two real stations, one real server, the same simulated key. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Station } from '#domain/contracts/kiosk/station.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { createApplicant, qualificationValues } from '#tests/support/applicant.ts';
import type { Applicant } from '#tests/support/applicant.ts';
import { demoQualification, drawConstructionQualification } from '#tests/support/documents.ts';
import { startLineProxy } from '#tests/support/line-proxy.ts';
import type { LineProxy } from '#tests/support/line-proxy.ts';
import { once } from '#tests/support/once.ts';
import { photograph } from '#tests/support/photograph.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const slot = 'certificate';
const otherAuthority = '吉林省住房和城乡建设厅';
let whole: WholeStation;
let line: LineProxy;
let other: Awaited<ReturnType<WholeStation['startNeighbour']>>;
let photo: Uint8Array;
const atFirst = createApplicant(() => whole);
const atOther = createApplicant(() => ({ ...whole, ...other }));

beforeAll(async () => {
  whole = await startWholeStation({ enrolmentCode: 'code-of-both-stations' });
  line = await startLineProxy({ targetPort: Number(new URL(whole.serverUrl()).port) });
  other = await whole.startNeighbour({
    stationId: 'station-2',
    stationName: '二号采集站',
    serverUrl: line.url,
  });
  photo = (await photograph(await drawConstructionQualification(demoQualification), { seed: 21 })).jpeg;
});
afterAll(async () => {
  await other?.agent.close();
  await line?.close();
  await whole?.close();
});

async function submitted(applicant: Applicant, id: string, issuingAuthority: string): Promise<void> {
  await applicant.upload(id, slot, photo);
  await applicant.fill(id, slot, { ...qualificationValues, issuingAuthority });
  await applicant.seal(id, slot);
  await applicant.save(id, slot);
  await applicant.submit(id);
}
const inState = (applicant: Applicant, id: string, state: LudengRecord['state']) =>
  eventually(`${id} is ${state}`, async () => {
    const now = await applicant.record(id);
    if (now.rejection) throw new Error(JSON.stringify(now.rejection));
    return now.state === state ? now : undefined;
  });
type RecordsState = NonNullable<Station['subjectRecords']>['state'];
const recordsAre = (state: RecordsState) =>
  eventually(`the records of other stations are ${state}`, async () => {
    const { subjectRecords } = await other.station.call('station');
    return subjectRecords?.state === state ? subjectRecords : undefined;
  });
const pageOf = async (id: string): Promise<number> => {
  const answer = await other.station.call('page', { params: { id, slot, page: 0 } });
  return (await answer.arrayBuffer()).byteLength;
};

let first: string;
const entered = once(async () => {
  await atFirst.login();
  ({ id: first } = await atFirst.addQualification());
  await submitted(atFirst, first, otherAuthority);
  expect((await inState(atFirst, first, 'stored')).light).toBe('yellow');
});

const found = once(async () => {
  await entered();
  await atOther.login();
  await recordsAre('complete');
  const records = await other.station.call('records');
  expect(records).toMatchObject([
    { id: first, state: 'stored', light: 'yellow', entered: { stationName: '一号采集站' } },
  ]);
  expect(Date.parse(records[0]?.entered?.at ?? '')).toBeGreaterThan(Date.now() - 600_000);
  const own = (await whole.station.call('records')).find(({ id }) => id === first);
  expect(own).toBeDefined();
  expect(own).not.toHaveProperty('entered');
});
it('finds there what was entered at the first, with where and when', found);

it('sees its pages there when it asks for them, or is told why not', async () => {
  await found();
  line.block();
  await recordsAre('offline');
  await expect(pageOf(first)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
  line.mend();
  await recordsAre('complete');
  expect(await pageOf(first)).toBeGreaterThan(10_000);
  line.block();
  await recordsAre('offline');
  // what was shown once is here
  expect(await pageOf(first)).toBeGreaterThan(10_000);
  line.mend();
});

it('supplements it there over a line that breaks, and the first counter has the old one superseded', async () => {
  await found();
  const supplement = await other.station.call('createRecord', {
    body: {
      kind: 'qualification-grade',
      answers: { certificateType: 'construction-general-building', isMain: 'yes' },
      supersedes: first,
    },
  });
  line.block();
  await recordsAre('offline');
  await submitted(atOther, supplement.id, demoQualification.issuingAuthority);
  line.mend();
  expect((await inState(atOther, supplement.id, 'stored')).uniqueCode).toBeTruthy();
  await inState(atFirst, first, 'superseded');
  await inState(atOther, first, 'superseded');
  const listed = (await whole.station.call('records')).map(({ id, state }) => [id, state]);
  expect(listed).toContainEqual([first, 'superseded']);
});

it('asks for the PIN once more when the key was pulled out before the connection came, and then goes on', async () => {
  await found();
  await atOther.logout();
  line.block();
  await eventually('the connection is broken', async () =>
    (await other.station.call('station')).line.state === 'online' ? undefined : true,
  );
  await atOther.login();
  await recordsAre('offline');
  expect(await other.station.call('records')).not.toContainEqual(expect.objectContaining({ id: first }));
  await whole.counter.token.setFault({ trouble: 'removed' });
  await eventually('the key is gone', async () =>
    (await other.station.call('tokens')).length === 0 ? true : undefined,
  );
  line.mend();
  await recordsAre('needs-key');
  await whole.counter.token.setFault();
  await eventually('the key is back', async () =>
    (await other.station.call('tokens')).length > 0 ? true : undefined,
  );
  await other.station.call('proveSubject', { body: { pin: demoPin } });
  await recordsAre('complete');
  expect(await other.station.call('records')).toContainEqual(expect.objectContaining({ id: first }));
});
