/**
 * What a company has once, handed in by two counters at one moment: one stands, the other comes back in words that say which one
 * it is and what to do. Where several processes share the store, each counter is at another one.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Change } from '#domain/sync/change.ts';
import { queryStore, storeSettings } from '#tests/support/server-stores.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission } from './server-fixtures.ts';
import { connectStation, enrol, makeDataFolder, makeIdentity, startTestServer } from './server-support.ts';
import type { TestStation } from './server-support.ts';

const catalogue = makeCatalogue({
  byMachine: {
    title: '企业业绩',
    form: [
      { id: 'project', label: '项目名称', kind: 'text', required: true },
      { id: 'section', label: '标段名称', kind: 'text', required: true },
    ],
    oncePer: [{ form: 'project' }, { form: 'section' }],
  },
});
const [data, beside] = [makeDataFolder(), makeDataFolder()];
const identities = [makeIdentity(), makeIdentity()] as const;
const seqs = [0, 0];
const servers: RunningServer[] = [];
const stations: TestStation[] = [];

beforeAll(async () => {
  const settings = {
    ...(await storeSettings(data.folder)),
    ...{ trustAnchors: [authorityPem], keyFile: join(data.folder, 'server-key.pem') },
  };
  const first = await startTestServer(data.folder, settings, { catalogue });
  servers.push(first);
  const isShared = inject('postgres') !== undefined;
  const second = isShared ? await startTestServer(beside.folder, settings, { catalogue }) : first;
  if (isShared) servers.push(second);
  for (const [index, { url }] of [first, second].entries()) {
    const identity = identities[index] ?? identities[0];
    await enrol(url, identity);
    stations.push(await connectStation(url, identity));
  }
});
afterAll(async () => {
  for (const station of stations) station.close();
  for (const server of servers) await server.close();
  data.remove();
  beside.remove();
});

type Outcome = Extract<Change, { kind: 'record-stored' | 'record-rejected' }>;

/** What that counter is to hand in, with its pages at the server already. */
async function ready(counter: 0 | 1, form: { project: string; section: string }) {
  const { stationId } = identities[counter];
  const seq = (seqs[counter] = (seqs[counter] ?? 0) + 1);
  const station = stations[counter];
  if (!station) throw new Error('no station');
  const { item, record } = await makeSealedSubmission({
    catalogue,
    stationId,
    seq,
    kind: 'by-machine',
    form,
  });
  await station.upload(item);
  const isIt = (change: Change): change is Outcome =>
    (change.kind === 'record-stored' || change.kind === 'record-rejected') && change.recordId === record.id;
  return {
    record,
    handIn: () => station.commit(item.commit),
    async outcome(): Promise<Outcome> {
      const changes = await station.pullUntil((list) => list.some(({ change }) => isIt(change)));
      const found = changes.map(({ change }) => change).find(isIt);
      if (!found) throw new Error('not told');
      return found;
    },
  };
}

it.each(['一标段', '二标段', '三标段', '四标段'])(
  'of one achievement that two counters hand in at one moment, %s stands once, and the other is told which one it is and that its draft is kept',
  async (section) => {
    // pasted at one, typed at the other
    const both = [
      await ready(0, { project: '蒲河新城安置房', section }),
      await ready(1, { project: '\u00a0蒲河\u00ad新城安置房', section: `${section}\u200b` }),
    ];
    await Promise.all(both.map((one) => one.handIn()));
    const outcomes = await Promise.all(both.map((one) => one.outcome()));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['record-rejected', 'record-stored']);
    const refused = outcomes.find(({ kind }) => kind === 'record-rejected');
    expect(refused).toMatchObject({ code: 'RECORD_REPEATED' });
    const words = refused?.kind === 'record-rejected' ? refused.message : '';
    expect(words).toContain(`企业业绩 蒲河新城安置房 ${section}`);
    expect(words).toContain('本次填写的内容已保留');
    const ids = both.map(({ record }) => `'${record.id}'`).join();
    const rows = await queryStore<{ state: string }>(
      data.folder,
      `select state from record where id in (${ids})`,
    );
    expect(rows.map(({ state }) => state).toSorted()).toEqual(['rejected', 'stored']);
  },
);

it('another section of the same project is another achievement', async () => {
  const both = [
    await ready(0, { project: '浑南学校', section: '一标段' }),
    await ready(1, { project: '浑南学校', section: '二标段' }),
  ];
  await Promise.all(both.map((one) => one.handIn()));
  const outcomes = await Promise.all(both.map((one) => one.outcome()));
  expect(outcomes.map(({ kind }) => kind)).toEqual(['record-stored', 'record-stored']);
});
