import type { CardReaderTable, DriverStatus } from './drivers.ts';
import type { ScannerTable } from './scanner-drivers.ts';
import type { TokenDriver } from './token-drivers.ts';

export interface DriverTables {
  cardReaders: CardReaderTable;
  scanners: ScannerTable;
  /** The station's own entries too. */
  tokens: readonly TokenDriver[];
}

/** What a driver's entry has met so far, by the entry's id; undefined for a driver that no table knows. */
export function driverStatusesOf({
  cardReaders,
  scanners,
  tokens,
}: DriverTables): (driver: string) => DriverStatus | undefined {
  const statuses = new Map<string, DriverStatus>([
    ...[...cardReaders.drivers, ...scanners.drivers].map(({ id, status }) => [id, status] as const),
    ...tokens.map(({ id, testedOn }) => [id, ofToken[testedOn]] as const),
  ]);
  return (driver) => statuses.get(driver);
}

const ofToken = {
  hardware: 'tested-on-hardware',
  emulator: 'tested-on-emulator',
  nothing: 'untested',
} as const satisfies Record<TokenDriver['testedOn'], DriverStatus>;
