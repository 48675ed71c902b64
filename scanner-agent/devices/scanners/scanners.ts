/** Every page source of this station: one finder for each entry of the driver table. */
import type { ConfiguredScanner, ScannerDriver, ScannerTable } from '#domain/catalogue/scanner-drivers.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { PageSource, PageSources } from '../../ports/page-source.ts';
import { findEscl } from './escl/find-escl.ts';
import { findSane } from './sane/find-sane.ts';
import type { ScannerFinder } from './scanner-finder.ts';
import { findServices } from './vendor-service/service-source.ts';
import { findFolders } from './watched-folder/folder-source.ts';

export interface ScannersOptions {
  driverTable: ScannerTable;
  configured: readonly ConfiguredScanner[];
  /** Whether scanners on USB and in the network are looked for. */
  find: boolean;
  environment: Record<string, string>;
  /** Private folder for sheets on their way. */
  scratchFolder: string;
  onError: (error: unknown) => void;
}

/** Throws DRIVER_MISSING when a configured scanner names a driver that the table has not. */
export function createScanners(options: ScannersOptions): PageSources {
  const { drivers } = options.driverTable;
  for (const { driver, address } of options.configured)
    if (!drivers.some(({ id }) => id === driver)) throw new AppError('DRIVER_MISSING', { driver, address });
  const finders = drivers.map((driver) => finderOf(driver, options));

  const list = (): PageSource[] => finders.flatMap((finder) => finder.list());
  return {
    list,
    get(id) {
      const found = list().find((source) => source.health().id === id);
      if (!found) throw new AppError('SCANNER_MISSING', { scanner: id });
      return found;
    },
    async refresh(signal) {
      await Promise.all(
        finders.map((finder) =>
          finder.refresh(signal).catch((error: unknown) => {
            if (!signal.aborted) options.onError(error);
          }),
        ),
      );
    },
    async close() {
      await Promise.all(finders.map((finder) => finder.close()));
    },
  };
}

function finderOf(driver: ScannerDriver, options: ScannersOptions): ScannerFinder {
  const configured = options.configured.filter((one) => one.driver === driver.id);
  switch (driver.kind) {
    case 'sane':
      return findSane(driver, { ...options, configured });
    case 'escl':
      return findEscl(driver, { ...options, configured });
    case 'watched-folder':
      return findFolders(driver, { configured });
    case 'vendor-service':
      return findServices(driver, { ...options, configured });
  }
}
