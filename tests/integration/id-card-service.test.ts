/** The vendors' local card programs: our driver asks the emulators over HTTP. */
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cardReaderTableSchema } from '#domain/catalogue/drivers.ts';
import { loadPerson } from '#tests/emulators/id-card-reader/card-file.ts';
import { startIdCardReaderEmulator } from '#tests/emulators/id-card-reader/emulator.ts';
import { serviceKinds, startCardService } from '#tests/emulators/id-card-service/service.ts';
import type { CardService, ServiceKind } from '#tests/emulators/id-card-service/service.ts';
import { createCardReaders } from '../../scanner-agent/devices/card-readers/card-readers.ts';
import type { CardReaders } from '../../scanner-agent/devices/card-readers/card-readers.ts';

const table = cardReaderTableSchema.parse(
  parse(await readFile(new URL('../../config/drivers/card-readers.yaml', import.meta.url), 'utf8')),
);
const drivers = {
  'read-msg': 'synjones-web',
  'card-idcard': 'eloam-web',
  'read-cert': 'certctl-web',
} as const;
const wait = { signal: new AbortController().signal, timeoutMs: 5000 };
const resident = await loadPerson('resident');
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(
  kind: ServiceKind,
  serialReaders: { path: string; driver: string }[] = [],
): Promise<{ service: CardService; readers: CardReaders }> {
  const service = await startCardService(kind);
  const readers = createCardReaders({
    driverTable: table,
    serialReaders,
    services: [{ driver: drivers[kind], url: service.url, simulated: true }],
    lookMs: 100,
  });
  closers.push(
    () => service.close(),
    () => readers.close(),
  );
  await readers.refresh();
  return { service, readers };
}

describe.each(serviceKinds)('the program that answers %s', (kind) => {
  test('reads a resident card with its photo', async () => {
    const { service, readers } = await open(kind);
    expect(readers.health()).toMatchObject([
      { driver: drivers[kind], state: 'ready', link: 'web', path: service.url, simulated: true },
    ]);
    let placings = 0;
    const reading = readers.readCard({ ...wait, onPlaced: () => placings++ });
    await expect.poll(() => service.questions().length).toBeGreaterThan(1);
    service.place(resident);
    const { photo, ...card } = await reading;
    expect(card).toEqual({
      kind: 'resident',
      name: '王小测',
      sex: '女',
      nation: '汉',
      bornOn: '1949-12-31',
      address: '北京市朝阳区样例路1号院2号楼3单元402室',
      number: '11010519491231002X',
      issuer: '北京市公安局朝阳分局',
      validFrom: '2010-05-12',
      validTo: '长期',
      samId: '',
    });
    expect(photo?.mime).toBe('image/jpeg');
    expect(placings).toBe(1);
  });

  test.each([
    ['none', 'CARD_NOT_PLACED', 1200],
    ['no-reader', 'CARD_READER_MISSING', 5000],
    ['busy', 'DEVICE_BUSY', 1200],
    ['refuses-card', 'CARD_READ_FAILED', 5000],
    ['half', 'CARD_READER_SERVICE_MISSING', 5000],
    ['html', 'DEVICE_FAULT', 5000],
    ['other-shape', 'DEVICE_FAULT', 5000],
    ['endless', 'DEVICE_FAULT', 5000],
  ] as const)('answering %s it is told as %s, and the next card reads', async (trouble, code, timeoutMs) => {
    const { service, readers } = await open(kind);
    service.setFault(trouble);
    await expect(readers.readCard({ ...wait, timeoutMs })).rejects.toMatchObject({ code });
    service.setFault('none');
    service.place(resident);
    expect((await readers.readCard(wait)).number).toBe(resident.number);
  });

  test('that hangs does not hold the counter longer than it was given', async () => {
    const { service, readers } = await open(kind);
    service.setFault('hangs');
    const startedAt = performance.now();
    await expect(readers.readCard({ ...wait, timeoutMs: 700 })).rejects.toMatchObject({
      code: 'CARD_NOT_PLACED',
    });
    expect(performance.now() - startedAt).toBeLessThan(1500);
  });
});

describe('the card programs', () => {
  test.each([
    ['hmt-residence', { kind: 'hmt-residence', name: '陈试读', passNumber: 'H01234567' }],
    ['foreigner-2017', { kind: 'foreigner-2017', nationality: 'CAN', bornOn: '1981-08-03' }],
    ['foreigner-2023', { kind: 'foreigner-2023', number: '932682198501010017' }],
  ] as const)('read-msg reads a %s card', async (person, expected) => {
    const { service, readers } = await open('read-msg');
    service.place(await loadPerson(person));
    expect(await readers.readCard(wait)).toMatchObject(expected);
  });

  test('that hangs is told as CARD_READER_SERVICE_SILENT once it has had the time to say "no card"', async () => {
    const { service, readers } = await open('read-msg');
    service.setFault('hangs');
    await expect(readers.readCard({ ...wait, timeoutMs: 3600 })).rejects.toMatchObject({
      code: 'CARD_READER_SERVICE_SILENT',
    });
    expect(readers.health()).toMatchObject([{ state: 'fault', errorCode: 'CARD_READER_SERVICE_SILENT' }]);
  });

  test('that stops is seen missing, and ready when it runs again', async () => {
    const { service, readers } = await open('read-msg');
    await service.close();
    closers.shift();
    await expect
      .poll(() => readers.health()[0])
      .toMatchObject({
        state: 'missing',
        errorCode: 'CARD_READER_SERVICE_MISSING',
      });
    const again = await startCardService('read-msg', Number(new URL(service.url).port));
    closers.push(() => again.close());
    await expect.poll(() => readers.health()[0]?.state, { timeout: 3000 }).toBe('ready');
  });

  test('and a reader on a line wait together: the one with the card reads it', async () => {
    const emulator = await startIdCardReaderEmulator();
    closers.push(() => emulator.close());
    const { service, readers } = await open('read-msg', [{ path: emulator.path, driver: 'sdt-serial' }]);
    await expect.poll(() => readers.health().every(({ state }) => state === 'ready')).toBe(true);
    const first = readers.readCard(wait);
    emulator.place(resident);
    expect((await first).samId).not.toBe('');
    emulator.remove();
    const second = readers.readCard(wait);
    service.place(resident);
    expect((await second).samId).toBe('');
  });
});
