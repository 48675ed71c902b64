/** Every card reader of this station: finds what is plugged in, keeps it connected, tells when that changes. */
import type { CardReaderTable, WebCardReaderDriver } from '#domain/catalogue/drivers.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { HidBus, UsbBus } from '../byte-links/system-buses.ts';
import { pause } from '../byte-links/wait.ts';
import { createWebCardReader } from '../id-card-web/web-card-reader.ts';
import type { WebCardReader } from '../id-card-web/web-card-reader.ts';
import type { CardReader, CardReaderHealth } from '../../ports/card-reader.ts';
import { createSdtCardReader } from '../id-card-sdt/card-reader.ts';
import type { SdtCardReader } from '../id-card-sdt/card-reader.ts';
import { createReaderFinder } from './find-readers.ts';
import type { ConfiguredSerialReader, FoundReader } from './find-readers.ts';
import { readFirstCard } from './first-card.ts';
import type { FirstCard } from './first-card.ts';

/** A vendor's program that owns a reader: the station profile says that it is installed. */
export interface ConfiguredCardService {
  /** Id of a `web` entry of the driver table. */
  driver: string;
  /** Where it listens, if not where the table says. */
  url?: string | undefined;
  simulated?: boolean;
}

export interface CardReadersOptions {
  driverTable: CardReaderTable;
  serialReaders?: readonly ConfiguredSerialReader[];
  services?: readonly ConfiguredCardService[];
  onChanged?: (health: CardReaderHealth) => void;
  /** Pause between two looks at what is plugged in. */
  lookMs?: number;
  /** How long a reader that is present but does not answer is left alone. */
  retryFaultMs?: number;
  buses?: { usb: UsbBus; hid: HidBus };
}

export interface CardReaders extends Pick<CardReader, 'readCard' | 'close'> {
  /** All readers seen since the start, configured ones first. */
  readers(): CardReader[];
  health(): CardReaderHealth[];
  /**
   * Waits at every reader that is ready, also at one that becomes so meanwhile; the one where a card is felt first reads
   * it, the others are called off. Where none is ready, the likeliest one is asked, so that its failure tells why.
   */
  readCard: CardReader['readCard'];
  /** The same, and whether that reader is simulated. */
  readFirst: (options: Parameters<CardReader['readCard']>[0]) => Promise<FirstCard>;
  /** Looks now, and waits until what was found has answered or failed. */
  refresh(): Promise<void>;
}

/** What is kept connected. A service is asked again and again instead of being seen on a bus. */
type KeptReader = SdtCardReader | WebCardReader;

const connectMs = 15_000;

/** Throws DRIVER_MISSING when a configured reader or service names a driver that the table has not as such. */
export function createCardReaders(options: CardReadersOptions): CardReaders {
  const { driverTable, serialReaders = [], lookMs = 1000, retryFaultMs = 10_000 } = options;
  const finder = createReaderFinder({ driverTable, serialReaders, buses: options.buses });
  const readers = new Map<string, KeptReader>();
  const attempts = new Map<string, { promise: Promise<void>; startedAt: number; isOver: boolean }>();
  const readyListeners = new Set<(reader: CardReader) => void>();
  const closing = new AbortController();
  for (const found of finder.configured) readerOf(found);
  const services = (options.services ?? []).map((service) => {
    const { driver, url } = serviceOf(driverTable, service);
    const created = createWebCardReader({
      driver,
      url,
      simulated: service.simulated ?? false,
      onHealthChanged: (health) => tellHealth(created, health),
    });
    readers.set(url, created);
    return { url, reader: created };
  });
  const watching = watch();

  function tellHealth(reader: CardReader, health: CardReaderHealth): void {
    if (health.state === 'ready') for (const listener of readyListeners) listener(reader);
    options.onChanged?.(health);
  }

  function readerOf({ driver, path, simulated, openLink }: FoundReader): KeptReader {
    const known = readers.get(path);
    if (known) return known;
    const created: SdtCardReader = createSdtCardReader({
      id: `${driver.id}@${path}`,
      name: `${driver.brand} ${driver.model}`,
      driver: driver.id,
      link: driver.link,
      path,
      simulated,
      openLink,
      ...(driver.link === 'serial' ? { baudRates: driver.baudRates } : {}),
      onHealthChanged: (health) => tellHealth(created, health),
    });
    readers.set(path, created);
    return created;
  }

  async function look(): Promise<void> {
    const present = await finder.find();
    if (closing.signal.aborted) return;
    for (const found of present) connectWhenDue(found.path, readerOf(found));
    const paths = new Set(present.map(({ path }) => path));
    for (const [path, reader] of readers) {
      if (paths.has(path) || !('noteUnplugged' in reader)) continue;
      attempts.delete(path);
      if (reader.health().state !== 'missing') await reader.noteUnplugged();
    }
    // A program tells neither its start nor its end: it is asked at every look, also while it was well.
    for (const { url, reader } of services) attempt(url, reader);
  }

  function connectWhenDue(path: string, reader: KeptReader): void {
    if (reader.health().state === 'ready') return;
    const last = attempts.get(path);
    if (last && performance.now() - last.startedAt < retryFaultMs) return;
    attempt(path, reader);
  }

  function attempt(path: string, reader: KeptReader): void {
    if (attempts.get(path)?.isOver === false) return;
    const started = { startedAt: performance.now(), isOver: false, promise: Promise.resolve() };
    started.promise = reader
      .connect({ signal: closing.signal, timeoutMs: connectMs })
      // Not lost: the reader's health tells it.
      .catch(() => undefined)
      .finally(() => {
        started.isOver = true;
      });
    attempts.set(path, started);
  }

  const readFirst: CardReaders['readFirst'] = (wait) =>
    readFirstCard(
      {
        readers: () => [...readers.values()],
        onReady(listener) {
          readyListeners.add(listener);
          return () => readyListeners.delete(listener);
        },
      },
      wait,
    );

  async function watch(): Promise<void> {
    while (!closing.signal.aborted) {
      await look();
      await pause(lookMs, closing.signal).catch(() => undefined);
    }
  }

  return {
    readers: () => [...readers.values()],
    health: () => [...readers.values()].map((reader) => reader.health()),
    readFirst,
    readCard: async (wait) => (await readFirst(wait)).card,
    async refresh() {
      await look();
      await Promise.all([...attempts.values()].map(({ promise }) => promise));
    },
    async close() {
      closing.abort();
      await watching;
      await Promise.all([...readers.values()].map((reader) => reader.close()));
    },
  };
}

function serviceOf(
  table: CardReaderTable,
  configured: ConfiguredCardService,
): { driver: WebCardReaderDriver; url: string } {
  const driver = table.drivers.find(({ id }) => id === configured.driver);
  if (driver?.link !== 'web') throw new AppError('DRIVER_MISSING', { driver: configured.driver });
  return { driver, url: configured.url ?? driver.url };
}
