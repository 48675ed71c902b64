/** The entries of the real driver table, by kind. */
import type { ScannerDriver } from '#domain/catalogue/scanner-drivers.ts';
import { loadScannerTable } from '#config/load-table.ts';

const { drivers } = loadScannerTable();

export const saneDriver = entry('sane');
export const esclDriver = entry('escl');
export const folderDriver = entry('watched-folder');
export const serviceDriver = entry('vendor-service');

function entry<Kind extends ScannerDriver['kind']>(kind: Kind): Extract<ScannerDriver, { kind: Kind }> {
  const found = drivers.find((driver) => driver.kind === kind);
  if (!found) throw new Error(`the table has no ${kind}`);
  return found as Extract<ScannerDriver, { kind: Kind }>;
}
