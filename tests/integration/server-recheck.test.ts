import type { z } from 'zod';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseListSchema } from '#domain/contracts/desk/cases.ts';
import { caseDetailSchema } from '#domain/contracts/desk/case-detail.ts';
import type { Recheck } from '#domain/record/schema.ts';
import type { Change } from '#domain/sync/change.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission, subject } from './server-fixtures.ts';
import type { Submission, SubmissionOptions } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makePush,
  startTestServer,
} from './server-support.ts';
import type { TestStation } from './server-support.ts';

/** A case that a record opened. */
const ofRecordSchema = caseDetailSchema.required({ record: true, receivedAt: true });
type CaseDetail = z.infer<typeof ofRecordSchema>;

/** Every submission here carries forged evidence: green with 0.99 for whatever it claims. */
const catalogue = makeCatalogue();
const password = 'a-long-password';
const address = '辽宁省沈阳市沈北新区道义南大街37号';

interface Place {
  server: RunningServer;
  station: TestStation;
  stationId: string;
  close(): Promise<void>;
}

async function open(secondReading: { enabled: boolean; modelFolder?: string }): Promise<Place> {
  const data = makeDataFolder();
  const identity = makeIdentity();
  const server = await startTestServer(
    data.folder,
    {
      trustAnchors: [authorityPem],
      secondReading,
      accounts: [{ id: 'chief', name: '审核员', department: '房建处', permissions: ['review'], password }],
    },
    { catalogue },
  );
  await enrol(server.url, identity);
  const station = await connectStation(server.url, identity);
  return {
    server,
    station,
    stationId: identity.stationId,
    close: async () => {
      station.close();
      await server.close();
      data.remove();
    },
  };
}

async function drawPaper(companyName: string): Promise<NonNullable<SubmissionOptions['paper']>> {
  const [widthPx, heightPx, size] = [1240, 1754, 38];
  const lines = [companyName, address];
  const texts = lines.map(
    (text, i) =>
      `<text x="200" y="${400 + i * 160}" font-size="${size}" font-family="Noto Serif CJK SC">${text}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}"><rect width="100%" height="100%" fill="#fdfcf6"/>${texts.join('')}</svg>`;
  const jpeg = await sharp(Buffer.from(svg)).flatten().jpeg({ quality: 90 }).toBuffer();
  const markOf = (i: number) => {
    const [x0, x1] = [194, 206 + (lines[i] ?? '').length * size];
    const [y0, y1] = [400 + i * 160 - 36, 400 + i * 160 + 10];
    return [
      {
        page: 0,
        box: [
          [x0, y0],
          [x1, y0],
          [x1, y1],
          [x0, y1],
        ] as SubmittedBox,
      },
    ];
  };
  return {
    jpeg: new Uint8Array(jpeg),
    widthPx,
    heightPx,
    marks: { companyName: markOf(0), address: markOf(1) },
  };
}
type SubmittedBox = NonNullable<SubmissionOptions['paper']>['marks'][string][number]['box'];

let seq = 0;
async function submit(
  { station, stationId }: Place,
  options: Partial<SubmissionOptions> = {},
): Promise<Submission & { answer: Record<string, unknown> }> {
  const submission = await makeSealedSubmission({ catalogue, stationId, seq: (seq += 1), ...options });
  await station.upload(submission.item);
  await station.commit(submission.item.commit);
  const { id } = submission.record;
  const isOf = (change: Change) =>
    'recordId' in change && change.recordId === id && change.kind.startsWith('record-');
  const changes = await station.pullUntil((list) => list.some(({ change }) => isOf(change)));
  return { ...submission, answer: { ...changes.find(({ change }) => isOf(change))?.change } };
}

/** Pushes the record and answers its case as the desk shows it. */
async function pushAndOpen({ station, server }: Place, recordId: string): Promise<CaseDetail> {
  const { item, pushId } = makePush((seq += 1), recordId, 'housing');
  await station.commit(item.commit);
  await station.pullUntil((list) =>
    list.some(({ change }) => change.kind === 'push-state' && change.pushId === pushId),
  );
  const signedIn = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ account: 'chief', password }),
  });
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${server.url}${path}`, { headers: { cookie } })).json();
  const { cases } = caseListSchema.parse(await get('/api/cases?state=all'));
  const own = cases.find((one) => one.recordId === recordId);
  if (!own) throw new Error('the push has no case');
  return ofRecordSchema.parse(await get(`/api/cases/${own.id}`));
}

const recheckOf = ({ record }: CaseDetail): Recheck | undefined => record.materials[0]?.rechecked;

describe('a server that looks again', () => {
  let place: Place;
  beforeAll(async () => (place = await open({ enabled: true })));
  afterAll(() => place.close());

  it('certifies a record and lets the machine accept it when the pixels bear it out', async () => {
    const { answer, record } = await submit(place, {
      kind: 'by-machine',
      paper: await drawPaper(subject.name),
    });
    expect(answer).toMatchObject({ kind: 'record-stored' });
    expect(answer['digitalCertificate']).toBeDefined();
    expect(answer['note']).toBeUndefined();
    const detail = await pushAndOpen(place, record.id);
    expect(detail.case.state).toBe('approved');
    const recheck = recheckOf(detail);
    expect(recheck).toMatchObject({
      state: 'done',
      differences: [],
      checked: { verdict: { light: 'green' } },
    });
  }, 60_000);

  it('catches a station that lies: no certificate, nothing accepted by machine, the difference on the desk', async () => {
    const { answer, record } = await submit(place, {
      kind: 'by-machine',
      paper: await drawPaper('辽宁沈西建设工程有限公司'),
      // what a station writes in the server's place must not count either
      spoilRecord: (sent) => ({
        ...sent,
        materials: sent.materials.map((material) => ({ ...material, rechecked: { state: 'off' as const } })),
      }),
    });
    expect(answer).toMatchObject({ kind: 'record-stored', light: 'yellow' });
    expect(answer['digitalCertificate']).toBeUndefined();
    expect(answer['note']).toContain('企业名称');
    const detail = await pushAndOpen(place, record.id);
    expect(detail.case).toMatchObject({ state: 'open', decisions: [] });
    const recheck = recheckOf(detail);
    if (recheck?.state !== 'done') throw new Error('the server did not look');
    expect(recheck.differences).toMatchObject([{ field: 'companyName', station: 'green' }]);
    expect(recheck.differences[0]?.server).not.toBe('green');
    expect(detail.record.materials[0]?.checked?.verdict.light).toBe('green');
  }, 60_000);
});

it('leaves to a person what its reader cannot look at', async () => {
  const place = await open({ enabled: true, modelFolder: '/nowhere' });
  try {
    const { answer, record } = await submit(place, {
      kind: 'by-machine',
      paper: await drawPaper(subject.name),
    });
    expect(answer).toMatchObject({
      kind: 'record-stored',
      light: 'yellow',
      note: '服务端未能复核，由人工审核',
    });
    const detail = await pushAndOpen(place, record.id);
    expect(detail.case.state).toBe('open');
    expect(recheckOf(detail)).toMatchObject({ state: 'failed', reason: 'MODEL_INVALID' });
  } finally {
    await place.close();
  }
}, 60_000);

it('says that it did not look where the second reading is turned off', async () => {
  const place = await open({ enabled: false });
  try {
    const { record } = await submit(place, { paper: await drawPaper(subject.name) });
    expect(recheckOf(await pushAndOpen(place, record.id))).toEqual({ state: 'off' });
  } finally {
    await place.close();
  }
}, 60_000);
