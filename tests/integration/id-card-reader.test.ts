import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cardReaderTableSchema } from '#domain/catalogue/drivers.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { loadPerson } from '#tests/emulators/id-card-reader/card-file.ts';
import type { CardFile } from '#tests/emulators/id-card-reader/card-file.ts';
import { startIdCardReaderEmulator } from '#tests/emulators/id-card-reader/emulator.ts';
import type { EmulatorOptions, IdCardReaderEmulator } from '#tests/emulators/id-card-reader/emulator.ts';
import { createCardReaders } from '../../scanner-agent/devices/card-readers/card-readers.ts';
import type { CardReaders } from '../../scanner-agent/devices/card-readers/card-readers.ts';
import type { CardReaderHealth, IdCard } from '../../scanner-agent/ports/card-reader.ts';

const table = cardReaderTableSchema.parse(
  parse(await readFile(new URL('../../config/drivers/card-readers.yaml', import.meta.url), 'utf8')),
);
const never = new AbortController().signal;

interface Counter {
  emulator: IdCardReaderEmulator;
  readers: CardReaders;
  changes: CardReaderHealth[];
  read: (options?: { timeoutMs?: number; signal?: AbortSignal; onPlaced?: () => void }) => Promise<IdCard>;
}

describe('a serial ID-card reader', () => {
  const opened: Counter[] = [];
  let resident: CardFile;
  let other: CardFile;

  beforeAll(async () => {
    resident = await loadPerson('resident');
    other = await loadPerson('hmt-residence');
  });

  afterEach(async () => {
    for (const { readers, emulator } of opened.splice(0)) {
      await readers.close();
      await emulator.close();
    }
  });

  async function openCounter(options: EmulatorOptions = {}): Promise<Counter> {
    const emulator = await startIdCardReaderEmulator(options);
    const changes: CardReaderHealth[] = [];
    const readers = createCardReaders({
      driverTable: table,
      serialReaders: [{ path: emulator.path, driver: 'sdt-serial', simulated: true }],
      onChanged: (health) => changes.push(health),
      lookMs: 50,
      retryFaultMs: 200,
    });
    const counter: Counter = {
      emulator,
      readers,
      changes,
      read: ({ timeoutMs = 10_000, signal = never, onPlaced = () => undefined } = {}) =>
        readers.readCard({ timeoutMs, signal, onPlaced }),
    };
    opened.push(counter);
    await readers.refresh();
    return counter;
  }

  async function failureOf(reading: Promise<IdCard>): Promise<AppError> {
    const error: unknown = await reading.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`);
    return error;
  }

  async function expectNextCardReads({ emulator, read }: Counter): Promise<void> {
    emulator.misbehave('none');
    emulator.remove();
    emulator.place(other);
    expect((await read()).number).toBe(other.number);
  }

  test('reads a resident card with its photo, module id and newest address', async () => {
    const { emulator, read } = await openCounter();
    emulator.place(resident);
    const card = await read();
    expect({ ...card, photoWlt: card.photoWlt?.length }).toEqual({
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
      newestAddress: '云南省昆明市五华区示范街8号',
      photoWlt: 1024,
      samId: '05.03-20161231-0001234567-0123456789',
    });
  });

  test('reads the three other kinds of card one after the other', async () => {
    const { emulator, read } = await openCounter();
    emulator.place(other);
    expect(await read()).toMatchObject({
      kind: 'hmt-residence',
      name: '陈试读',
      sex: '男',
      passNumber: 'H01234567',
      number: '810000198808080013',
    });
    emulator.place(await loadPerson('foreigner-2017'));
    expect(await read()).toMatchObject({
      kind: 'foreigner-2017',
      name: '安样例',
      englishName: 'SPECIMEN, ALEXANDRA MARIA',
      nationality: 'CAN',
      bornOn: '1981-08-03',
    });
    emulator.place(await loadPerson('foreigner-2023'));
    expect(await read()).toMatchObject({
      kind: 'foreigner-2023',
      name: '马样例',
      englishName: 'SPECIMEN-VANDERBERGHE MAXIMILIAN ALEXANDER',
      number: '932682198501010017',
    });
  });

  test('waits for the card and tells each placing once', async () => {
    const counter = await openCounter();
    let placings = 0;
    const reading = counter.read({ onPlaced: () => placings++ });
    await expect
      .poll(() => counter.emulator.requests().filter((name) => name === 'find').length)
      .toBeGreaterThan(1);
    expect(placings).toBe(0);
    counter.emulator.misbehave('wrong-checksum', { on: 'read', times: 1 });
    counter.emulator.place(resident);
    expect((await reading).number).toBe(resident.number);
    expect(placings).toBe(1);
  });

  test('says CARD_NOT_PLACED when time is up without a card', async () => {
    const { read } = await openCounter();
    expect((await failureOf(read({ timeoutMs: 700 }))).code).toBe('CARD_NOT_PLACED');
  });

  test('stops at once when the reading is called off, and reads again later', async () => {
    const counter = await openCounter();
    const calledOff = new AbortController();
    const reading = counter.read({ signal: calledOff.signal });
    const reason = new Error('called off');
    calledOff.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await expectNextCardReads(counter);
  });

  test('refuses a second reading while one is under way', async () => {
    const counter = await openCounter();
    const first = counter.read();
    expect((await failureOf(counter.read())).code).toBe('CARD_READER_READING');
    counter.emulator.place(resident);
    expect((await first).number).toBe(resident.number);
  });

  test.each(['slow', 'twice', 'noise'] as const)('reads through a line that is %s', async (kind) => {
    const counter = await openCounter();
    counter.emulator.misbehave(kind);
    counter.emulator.place(resident);
    expect((await counter.read()).number).toBe(resident.number);
    expect(counter.emulator.requests().filter((name) => name === 'read')).toHaveLength(1);
    await expectNextCardReads(counter);
  });

  test.each([
    ['half', 'read', 'CARD_READ_FAILED', 'reply-incomplete'],
    ['garbage', 'read', 'CARD_READ_FAILED', 'reply-damaged'],
    ['wrong-checksum', 'read', 'CARD_READ_FAILED', 'reply-damaged'],
    ['wrong-checksum', 'find', 'CARD_READ_FAILED', 'reply-damaged'],
    ['hang', 'find', 'DEVICE_TIMEOUT', undefined],
    ['hang', 'read', 'DEVICE_TIMEOUT', undefined],
    ['select-fails', undefined, 'CARD_READ_FAILED', 'select-failed'],
    ['read-fails', undefined, 'CARD_READ_FAILED', 'read-failed'],
  ] as const)('%s on %s gives %s, and the next card reads fine', async (kind, on, code, reason) => {
    const counter = await openCounter();
    counter.emulator.misbehave(kind, on ? { on } : {});
    counter.emulator.place(resident);
    const startedAt = performance.now();
    const failure = await failureOf(counter.read({ timeoutMs: 15_000 }));
    expect(failure.code).toBe(code);
    expect(failure.details['reason']).toBe(reason);
    expect(JSON.stringify(failure.details)).not.toContain(resident.number);
    expect(performance.now() - startedAt).toBeLessThan(14_000);
    await expectNextCardReads(counter);
  });

  test("keeps to the caller's time when the device hangs in the middle of a card", async () => {
    const counter = await openCounter();
    counter.emulator.misbehave('hang', { on: 'read' });
    counter.emulator.place(resident);
    const startedAt = performance.now();
    expect((await failureOf(counter.read({ timeoutMs: 1000 }))).code).toBe('CARD_READ_FAILED');
    expect(performance.now() - startedAt).toBeLessThan(1500);
    await expectNextCardReads(counter);
  });

  test('says DEVICE_LOST when it is pulled out mid-read, and reads after it is back', async () => {
    const counter = await openCounter();
    counter.emulator.misbehave('unplug', { on: 'read' });
    counter.emulator.place(resident);
    expect((await failureOf(counter.read())).code).toBe('DEVICE_LOST');
    expect(counter.readers.health()).toMatchObject([{ state: 'missing', errorCode: 'CARD_READER_MISSING' }]);
    expect((await failureOf(counter.read())).code).toBe('CARD_READER_MISSING');
    await counter.emulator.plug();
    await expect.poll(() => counter.readers.health()[0]?.state).toBe('ready');
    await expectNextCardReads(counter);
    expect(counter.changes.map(({ state }) => state)).toEqual(['ready', 'missing', 'ready']);
  });

  test('tells the loss at once, not when the limit of the question is over', async () => {
    const counter = await openCounter();
    counter.emulator.misbehave('hang', { on: 'read' });
    counter.emulator.place(resident);
    const failing = failureOf(counter.read());
    await expect.poll(() => counter.emulator.requests().at(-1)).toBe('read');
    const startedAt = performance.now();
    await counter.emulator.unplug();
    expect((await failing).code).toBe('DEVICE_LOST');
    expect(performance.now() - startedAt).toBeLessThan(2500);
  });

  test('notices being pulled out and plugged in while nobody reads', async () => {
    const counter = await openCounter();
    await counter.emulator.unplug();
    await expect.poll(() => counter.readers.health()[0]?.state).toBe('missing');
    await counter.emulator.plug();
    await expect
      .poll(() => counter.readers.health()[0])
      .toMatchObject({
        driver: 'sdt-serial',
        state: 'ready',
        simulated: true,
      });
  });

  test('says CARD_READER_UNAUTHORISED when the module fails its self-test', async () => {
    const counter = await openCounter();
    counter.emulator.misbehave('not-authorised');
    await counter.emulator.unplug();
    await expect.poll(() => counter.readers.health()[0]?.state).toBe('missing');
    await counter.emulator.plug();
    await expect.poll(() => counter.readers.health()[0]?.errorCode).toBe('CARD_READER_UNAUTHORISED');
    expect((await failureOf(counter.read())).code).toBe('CARD_READER_UNAUTHORISED');
    await expectNextCardReads(counter);
  });

  test('finds the rate of a reader that is set to 9600 baud', async () => {
    const counter = await openCounter({ baudRate: 9600 });
    expect(counter.readers.health()).toMatchObject([{ state: 'ready' }]);
    await expectNextCardReads(counter);
  });

  test('waits for the card to be placed anew where the module finds it only once', async () => {
    const counter = await openCounter({ findsAgain: false });
    counter.emulator.place(resident);
    await counter.read();
    expect((await failureOf(counter.read({ timeoutMs: 700 }))).code).toBe('CARD_NOT_PLACED');
    await expectNextCardReads(counter);
  });

  test("never takes a late reply about one person for the next person's card", async () => {
    const counter = await openCounter({ slowMs: 4300 });
    counter.emulator.misbehave('slow', { on: 'read', times: 1 });
    counter.emulator.place(resident);
    const reading = counter.read({ timeoutMs: 15_000 });
    await expect.poll(() => counter.emulator.requests().at(-1)).toBe('read');
    counter.emulator.remove();
    counter.emulator.place(other);
    expect((await reading).number).toBe(other.number);
  });

  test('says DEVICE_BUSY when another program holds the line', async () => {
    const counter = await openCounter();
    const second = createCardReaders({
      driverTable: table,
      serialReaders: [{ path: counter.emulator.path, driver: 'sdt-serial' }],
    });
    await second.refresh();
    expect(second.health()).toMatchObject([{ state: 'fault', errorCode: 'DEVICE_BUSY' }]);
    await second.close();
    await expectNextCardReads(counter);
  });

  test('is a program of its own that obeys lines of text', async () => {
    const path = join(tmpdir(), `id-card-reader-program-${process.pid}`);
    const program = spawn(process.execPath, ['tests/emulators/id-card-reader/main.ts', '--link', path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      const answers = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
      const next = async () => String((await answers.next()).value);
      const say = (line: string) => {
        program.stdin.write(`${line}\n`);
        return next();
      };
      expect(await next()).toBe(`ready ${path}`);
      expect(await say('place resident')).toBe('placed');
      expect(await say('dance')).toMatch(/^error: /);
      const serialReaders = [{ path, driver: 'sdt-serial' }];
      const readers = createCardReaders({ driverTable: table, serialReaders, lookMs: 50 });
      await readers.refresh();
      expect((await readers.readCard({ signal: never, timeoutMs: 5000 })).number).toBe(resident.number);
      expect(await say(`place ${JSON.stringify(other)}`)).toBe('placed');
      expect((await readers.readCard({ signal: never, timeoutMs: 5000 })).number).toBe(other.number);
      expect(await say('unplug')).toBe('unplugged');
      await expect.poll(() => readers.health()[0]?.state).toBe('missing');
      await readers.close();
    } finally {
      program.kill('SIGTERM');
      await once(program, 'exit');
    }
    expect(existsSync(path)).toBe(false);
  });

  test('says CARD_READER_MISSING where no reader is known', async () => {
    const none = createCardReaders({ driverTable: table });
    expect((await failureOf(none.readCard({ signal: never, timeoutMs: 1000 }))).code).toBe(
      'CARD_READER_MISSING',
    );
    await none.close();
  });
});
