/** Batches through the whole station: the agent's own API, the real reader, a scanner that speaks eSCL. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import sharp from 'sharp';
import type { BatchView } from '#domain/contracts/kiosk/batches.ts';
import { demoSheets } from '#tests/emulators/scanner-escl/demo-sheets.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { pdfOfManyPages, tiffOf } from '#tests/support/bad-paper.ts';
import { writtenSheet } from '#tests/support/scan-sheets.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

/** Only a batch that never gets there is a failure, however slow the machine. */
const patienceMs = 100_000;
let whole: WholeStation;
const settings = { source: 'feeder', dpi: 200, colour: 'colour' } as const;

beforeAll(async () => {
  whole = await startWholeStation({ withServer: false });
  await signIn();
});
afterAll(() => whole?.close());

async function signIn(): Promise<void> {
  const token = await eventually('the UKey is seen', async () => (await whole.station.call('tokens'))[0]);
  const certificate = token.certificates.find(({ use }) => use === 'sign');
  await whole.station.call('login', {
    body: { tokenId: token.id, certificateId: certificate?.id, pin: demoPin },
  });
  await whole.station.call('role', { body: { role: 'bidder' } });
}
async function scannerId(): Promise<string> {
  return eventually('the scanner is listed', async () => {
    const found = await whole.station.call('scanners');
    return found[0]?.id;
  });
}
async function scanned(batch: string): Promise<BatchView> {
  return eventually(
    'the scan has ended',
    async () => {
      const now = await whole.station.call('batch', { params: { batch } });
      return now.scanning ? undefined : now;
    },
    patienceMs,
  );
}
async function scan(batch: string): Promise<BatchView> {
  const body = { scannerId: await scannerId(), settings };
  await whole.station.call('scanBatch', { params: { batch }, body });
  return scanned(batch);
}

async function allRead(batch: string): Promise<BatchView> {
  return eventually(
    'all pages are read',
    async () => {
      const now = await whole.station.call('batch', { params: { batch } });
      return now.pages.every(({ kinds }) => kinds !== undefined) ? now : undefined;
    },
    patienceMs,
  );
}

test('a stack survives a jam and a restart, is split by its separator, loses its blank sheet, and goes to its material', async () => {
  const { scanner } = whole.counter;
  scanner.load(await demoSheets());
  scanner.misbehave({ kind: 'jam', atSheet: 1 });
  const { id } = await whole.station.call('createBatch');
  const jammed = await scan(id);
  expect([jammed.pages.length, jammed.complete]).toEqual([1, false]);
  expect(jammed.trouble).toMatchObject({ code: 'SCANNER_JAMMED', message: '扫描仪卡纸' });

  await whole.stopAgent();
  await whole.startAgent();
  await signIn();
  const [kept] = await whole.station.call('batches');
  expect(kept).toMatchObject({ id, pages: 1, complete: false });
  const params = { batch: id, page: jammed.pages[0]?.id ?? '' };
  expect((await whole.station.call('batchPage', { params, query: { width: '200' } })).status).toBe(200);
  scanner.clear();
  const arrived = await scan(id);
  expect([arrived.pages.length, arrived.trouble, arrived.complete]).toEqual([4, undefined, true]);
  expect(arrived.pages[0]?.id).toBe(params.page);

  const read = await allRead(id);
  const placeOf = (page: string): number => read.pages.findIndex((one) => one.id === page);
  expect(read.documents.map(({ pages }) => pages.map(placeOf))).toEqual([[0], [3]]);
  expect(read.pages.map(({ kinds }) => kinds?.[0]?.documentType)).toEqual([
    'business-licence',
    undefined,
    undefined,
    'construction-qualification',
  ]);

  const record = await whole.station.call('createRecord', { body: { kind: 'basic-info', answers: {} } });
  const slot = record.materials.find(({ certificate }) => certificate === 'business-licence')?.slot ?? '';
  const { jobId } = await whole.station.call('placeDocument', {
    params: { batch: id, document: read.documents[0]?.id ?? '' },
    body: { recordId: record.id, slot, place: 'replace' },
  });
  await whole.station.finished(await whole.station.call('job', { params: { id: jobId } }));
  const after = await whole.station.call('record', { params: { id: record.id } });
  const material = after.materials.find((one) => one.slot === slot);
  expect(material?.pages.map(({ sha }) => sha)).toEqual([read.pages[0]?.page.sha]);
  expect(Object.keys(material?.readings ?? {}).length).toBeGreaterThan(4);
  // The batch may go: the material keeps its page.
  await whole.station.call('deleteBatch', { params: { batch: id } });
  const page = await whole.station.call('page', { params: { id: record.id, slot, page: 0 } });
  expect(page.status).toBe(200);
});

test('a TIFF and a PDF of several pages come in; a sorted stack keeps its order; what is stale, doubled or strange is refused', async () => {
  const { id } = await whole.station.call('createBatch');
  const sheets = [await writtenSheet(1), await writtenSheet(2)];
  const jpegs = await Promise.all(
    sheets.map(({ front }) => sharp(front.png).resize(827, 1169, { fit: 'fill' }).png().toBuffer()),
  );
  const body = await tiffOf(jpegs);
  const added = await whole.station.call('addToBatch', { params: { batch: id }, body });
  expect(added.pages).toHaveLength(2);
  const [first, second] = added.pages.map((page) => page.id);
  const read = await allRead(id);
  const arrange = (revision: number, pages: (string | undefined)[][]) =>
    whole.station.call('arrangeBatch', {
      params: { batch: id },
      body: { revision, documents: pages.map((own) => ({ id: own[0], pages: own })) },
    });
  await expect(arrange(read.revision - 1, [[first]])).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(arrange(read.revision, [[first, first]])).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  const sorted = await arrange(read.revision, [[second], [first ?? '']]);
  expect(sorted.documents.map(({ pages }) => pages)).toEqual([[second], [first]]);
  const pdf = await pdfOfManyPages(3);
  const longer = await whole.station.call('addToBatch', { params: { batch: id }, body: pdf });
  expect(longer.pages).toHaveLength(5);
  // What a person has sorted stays; the new pages stand behind it.
  expect(longer.documents.slice(0, 2).map(({ pages }) => pages)).toEqual([[second], [first]]);
  await expect(
    whole.station.call('addToBatch', { params: { batch: id }, body: new TextEncoder().encode('no picture') }),
  ).rejects.toMatchObject({ code: 'FILE_UNSUPPORTED' });
});
