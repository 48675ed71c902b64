/** What the engine ties to a file by itself: once both are approved, to the one file that is meant, and to nothing that is gone. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ulid } from 'ulid';
import type { RecordLinks } from '#domain/record/links.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import { pullAnswerSchema } from '#domain/sync/schema.ts';
import {
  subjectChallengeSchema,
  subjectEvents,
  subjectRecordsAnswerSchema,
  subscriptionSchema,
} from '#domain/sync/subject-feed.ts';
import { challengeBytes } from '#sealing/challenge.ts';
import { signAs } from '#tests/emulators/signing-token/demo-ca.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authorityPem, company, makeCatalogue, makeSealedSubmission, subject } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeAction,
  makeDataFolder,
  makeIdentity,
  makeItem,
  makePush,
  startTestServer,
} from './server-support.ts';
import type { TestStation } from './server-support.ts';

const linking = 'linking';
// a person's file, and an achievement whose paper names its manager by what the person's paper says
const catalogue = makeCatalogue({
  byHand: {
    workflow: linking,
    file: { title: '人员', release: { label: '解绑', ask: '解绑？', released: '已解绑' } },
  },
  byMachine: {
    workflow: linking,
    linked: [
      {
        ...{ to: 'by-hand', title: '业绩信息' },
        own: { slot: 'paper', field: 'address' },
        theirs: { slot: 'paper', field: 'address' },
        columns: [{ title: '操作', source: 'actions' }],
      },
    ],
  },
  more: [
    {
      path: `workflows/${linking}.yaml`,
      data: {
        ...{ id: linking, title: '核验', effects: { approved: [{ effect: 'link-records' }] } },
        steps: [
          {
            ...{ id: 'machine', title: '机器核验', permission: 'review' },
            decisions: [{ id: 'approve', label: '审核通过', opinion: 'optional', outcome: 'approved' }],
            automatic: { whenLight: 'green', decision: 'approve' },
          },
        ],
      },
    },
  ],
});
const audience = audienceOf.subject(subject);
const data = makeDataFolder();
const identity = makeIdentity();
let server: RunningServer;
let station: TestStation;
let seq = 0;
let head: { epoch: string; seq: number };

beforeAll(async () => {
  server = await startTestServer(data.folder, { trustAnchors: [authorityPem], demo: true }, { catalogue });
  await enrol(server.url, identity);
  station = await connectStation(server.url, identity);
  const challenge = subjectChallengeSchema.parse(
    await station.send(station.ctl, subjectEvents.challenge, {}),
  );
  const proof = {
    ...{ certificate: Buffer.from(company.certificate).toString('base64'), chain: [] },
    signature: Buffer.from(
      signAs(company, challengeBytes({ agreesTo: 'subject-feed', ...challenge })),
    ).toString('base64'),
  };
  ({ head } = subscriptionSchema.parse(await station.send(station.ctl, subjectEvents.subscribe, { proof })));
});
afterAll(async () => {
  station.close();
  await server.close();
  data.remove();
});

const records = async () =>
  subjectRecordsAnswerSchema.parse(await station.send(station.ctl, subjectEvents.records, { audience }))
    .records;
async function linksOf(file: string): Promise<RecordLinks['records']> {
  return (await records()).find(({ id }) => id === file)?.links?.records ?? [];
}
const idsIn = async (file: string): Promise<string[]> => (await linksOf(file)).map(({ id }) => id);
/** What the counters of the subject are told of that file. */
async function toldOf(file: string): Promise<RecordLinks[]> {
  const { changes } = pullAnswerSchema.parse(
    await station.send(station.ctl, 'pull', {
      audience,
      ...{ epoch: head.epoch, after: head.seq },
      maxBytes: 1_000_000,
    }),
  );
  return changes.flatMap(({ change }) =>
    change.kind === 'record-links' && change.recordId === file ? [change.links] : [],
  );
}

async function store(what: 'person' | 'achievement', supersedes?: string): Promise<string> {
  const { item, record } = await makeSealedSubmission({
    ...{ catalogue, stationId: identity.stationId, seq: (seq += 1) },
    ...{ kind: what === 'person' ? 'by-hand' : 'by-machine' },
    ...(supersedes === undefined ? {} : { supersedes }),
  });
  await station.upload(item);
  await station.commit(item.commit);
  await heard('record-stored', record.id);
  return record.id;
}
const heard = (kind: 'record-stored' | 'record-released', id: string) =>
  station.pullUntil((list) => list.some(({ change }) => change.kind === kind && change.recordId === id));
/** The machine of the field approves it. */
async function approve(recordId: string): Promise<void> {
  const { item, pushId } = makePush((seq += 1), recordId, 'housing');
  await station.commit(item.commit);
  await station.pullUntil((list) =>
    list.some(
      ({ change }) => change.kind === 'push-state' && change.pushId === pushId && change.state === 'approved',
    ),
  );
}
async function release(recordId: string): Promise<void> {
  const asked = { id: ulid(), recordId, requestedAt: new Date().toISOString(), requestedBy: '经办人' };
  const item = makeItem('action', (seq += 1), JSON.stringify(asked));
  await station.commit(makeAction(item, { record: recordId, action: 'release' }).commit);
  await heard('record-released', recordId);
}
/** Of one name there is nobody else, whatever a test before left. */
beforeEach(async () => {
  for (const { id, kind, state, released } of await records())
    if (kind === 'by-hand' && state === 'stored' && !released) await release(id);
});

it('is tied once the file and it are both approved, oldest first, and the counters of the subject are told', async () => {
  const [person, first, second] = [
    await store('person'),
    await store('achievement'),
    await store('achievement'),
  ];
  await approve(first);
  expect(await linksOf(person)).toEqual([]);
  expect(await toldOf(person)).toEqual([]);
  await approve(person);
  expect(await idsIn(person)).toContain(first);
  expect(await idsIn(person)).not.toContain(second);
  await approve(second);
  const tied = await linksOf(person);
  expect(tied.map(({ id }) => id).slice(-2)).toEqual([first, second]);
  expect(tied.at(-1)?.kind).toBe('by-machine');
  const told = await toldOf(person);
  expect(told.map((links) => links.records.some(({ id }) => id === second))).toEqual([false, true]);
  expect(told[1]?.count).toBeGreaterThan(told[0]?.count ?? Infinity);
});

it('of two who are called the same neither is tied, and the one who is left is', async () => {
  const [one, other, achievement] = [
    await store('person'),
    await store('person'),
    await store('achievement'),
  ];
  for (const id of [one, other, achievement]) await approve(id);
  expect([await linksOf(one), await linksOf(other)]).toEqual([[], []]);
  await release(other);
  expect(await idsIn(one)).toContain(achievement);
  expect(await linksOf(other)).toEqual([]);
});

it('what is replaced is tied no more, and what replaces it once that is approved', async () => {
  const [person, old] = [await store('person'), await store('achievement')];
  for (const id of [person, old]) await approve(id);
  expect(await idsIn(person)).toContain(old);
  const next = await store('achievement', old);
  const between = await idsIn(person);
  expect([between.includes(old), between.includes(next)]).toEqual([false, false]);
  await approve(next);
  expect(await idsIn(person)).toContain(next);
});

it('of a file and achievements that are approved at one moment all are tied, and the last word that is told says so', async () => {
  const person = await store('person');
  const achievements = [await store('achievement'), await store('achievement'), await store('achievement')];
  const pushes = [person, ...achievements].map((id) => makePush((seq += 1), id, 'housing'));
  // a station's items come in their order; their decisions are the server's to make at once
  for (const { item } of pushes) await station.commit(item.commit);
  for (const { pushId } of pushes)
    await station.pullUntil((list) =>
      list.some(
        ({ change }) =>
          change.kind === 'push-state' && change.pushId === pushId && change.state === 'approved',
      ),
    );
  expect(await idsIn(person)).toEqual(expect.arrayContaining(achievements));
  const last = (await toldOf(person)).toSorted((a, b) => a.count - b.count).at(-1);
  expect(last?.records.map(({ id }) => id)).toEqual(expect.arrayContaining(achievements));
});
