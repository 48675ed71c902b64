import type { ConfiguredScanner, SaneDriver } from '#domain/catalogue/scanner-drivers.ts';
import type { PageSource } from '../../../ports/page-source.ts';
import type { ScannerFinder } from '../scanner-finder.ts';
import { createSaneScanner } from './sane-scanner.ts';
import type { SaneScanner } from './sane-scanner.ts';
import { askScanimage } from './scanimage.ts';

/** Backends probe every bus for this list: seconds, even where nothing is plugged in. */
const listTimeoutMs = 60_000;
/** Fields in the order of the question; a tab stands in no device name. */
const listFormat = '%d\t%v\t%m\t%t%n';

/** Scanners that SANE lists, and those that the profile names outright. */
export function findSane(
  driver: SaneDriver,
  options: {
    configured: readonly ConfiguredScanner[];
    find: boolean;
    environment: Record<string, string>;
    scratchFolder: string;
  },
): ScannerFinder {
  const scanners = new Map<string, SaneScanner>();
  const scanimage = { program: driver.program, environment: options.environment };
  const named = new Set(options.configured.map(({ address }) => address));
  for (const { address, name = address, simulated } of options.configured) add(address, name, simulated);

  function add(device: string, name: string, simulated: boolean): SaneScanner {
    const known = scanners.get(device);
    if (known) return known;
    const { scratchFolder } = options;
    const created = createSaneScanner({
      ...scanimage,
      driver: driver.id,
      device,
      name,
      simulated,
      scratchFolder,
    });
    scanners.set(device, created);
    return created;
  }

  async function look(signal: AbortSignal): Promise<void> {
    const { stdout } = await askScanimage(scanimage, ['-f', listFormat], {
      signal,
      timeoutMs: listTimeoutMs,
    });
    const seen = new Set<string>();
    for (const line of stdout.split('\n')) {
      const [device, vendor = '', model = '', type = ''] = line.split('\t');
      if (!device || driver.ignore.some((start) => device.startsWith(start)) || /camera/i.test(type))
        continue;
      seen.add(device);
      add(device, `${vendor} ${model}`.trim() || device, false);
    }
    for (const [device, scanner] of scanners)
      if (!seen.has(device) && !named.has(device)) scanner.noteMissing();
    await Promise.all(
      [...scanners].filter(([device]) => seen.has(device)).map(([, scanner]) => askOnce(scanner, signal)),
    );
  }

  async function askOnce(scanner: SaneScanner, signal: AbortSignal): Promise<void> {
    if (scanner.health().state !== 'ready') await scanner.ask(signal);
  }

  return {
    list: (): PageSource[] => [...scanners.values()],
    async refresh(signal) {
      for (const device of named) await scanners.get(device)?.ask(signal);
      if (options.find) await look(signal);
    },
    close: () => Promise.resolve(),
  };
}
