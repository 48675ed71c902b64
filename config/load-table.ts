/** Reads one YAML file against its schema: driver tables, station profiles, the calendar. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { workingCalendarSchema } from '#domain/cases/working-days.ts';
import type { WorkingCalendar } from '#domain/cases/working-days.ts';
import { cardReaderTableSchema } from '#domain/catalogue/drivers.ts';
import type { CardReaderTable } from '#domain/catalogue/drivers.ts';
import { scannerTableSchema } from '#domain/catalogue/scanner-drivers.ts';
import type { ScannerTable } from '#domain/catalogue/scanner-drivers.ts';
import { stationProfileSchema } from '#domain/catalogue/station-profile.ts';
import type { StationProfile } from '#domain/catalogue/station-profile.ts';
import { signingTokensFileSchema } from '#domain/catalogue/token-drivers.ts';
import type { SigningTokensFile } from '#domain/catalogue/token-drivers.ts';
import { ConfigError, configFolder, readYaml } from './load-catalogue.ts';

/** Throws ConfigError with the file, the path inside it and what is wrong. */
export function loadCardReaderTable(folder: string = configFolder): CardReaderTable {
  return loadTable(join(folder, 'drivers', 'card-readers.yaml'), cardReaderTableSchema);
}

/** Throws ConfigError. */
export function loadSigningTokens(folder: string = configFolder): SigningTokensFile {
  return loadTable(join(folder, 'drivers', 'signing-tokens.yaml'), signingTokensFileSchema);
}

/** Throws ConfigError. */
export function loadScannerTable(folder: string = configFolder): ScannerTable {
  return loadTable(join(folder, 'drivers', 'scanners.yaml'), scannerTableSchema);
}

/** Throws ConfigError. */
export function loadStationProfile(file: string): StationProfile {
  return loadTable(file, stationProfileSchema);
}

/** A folder without a calendar has one without years: only weekends are off then. Throws ConfigError. */
export function loadWorkingCalendar(folder: string = configFolder): WorkingCalendar {
  const file = join(folder, 'calendars', 'working-days.yaml');
  return existsSync(file) ? loadTable(file, workingCalendarSchema) : { years: {} };
}

function loadTable<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  const { data, faults } = readYaml(file);
  if (faults.length > 0) throw new ConfigError(faults.map((message) => ({ file, path: '', message })));
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => ({ file, path: path.join('.'), message })),
  );
}
