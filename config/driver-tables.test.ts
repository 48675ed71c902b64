/** What the driver tables say of themselves must be what the tests show. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cardReaderTableSchema } from '#domain/catalogue/drivers.ts';
import { configFolder } from './load-catalogue.ts';
import { loadCardReaderTable, loadScannerTable, loadSigningTokens } from './load-table.ts';

const root = join(configFolder, '..');
const entries = [...loadCardReaderTable().drivers, ...loadScannerTable().drivers];
/** The proving tests say which entry met the emulator by naming it: `driver: 'ID'`, or in a table of their cases. */
const names = (text: string, id: string): boolean => text.includes(`'${id}'`);

describe('the driver tables', () => {
  test.each(entries.filter(({ status }) => status === 'tested-on-emulator'))(
    '$id is called tested on an emulator, and $provenBy names it',
    ({ id, provenBy = '' }) => {
      expect(existsSync(join(root, provenBy))).toBe(true);
      expect(names(readFileSync(join(root, provenBy), 'utf8'), id)).toBe(true);
    },
  );

  test('call no entry untested that a test of an emulator proves', () => {
    const folder = join(root, 'tests', 'integration');
    // What meets a library's stand-in in memory (the split pipes) has met no device, not even an emulated one.
    const proofs = readdirSync(folder).filter((file) =>
      /^(id-card-(reader|service)|scanner-.*|usb-rig)\.test\.ts$/.test(file),
    );
    const text = proofs.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
    const untested = entries.filter(({ status }) => status === 'untested');
    expect(untested.filter(({ id }) => names(text, id)).map(({ id }) => id)).toEqual([]);
  });

  test('refuse an entry that calls itself tested and names no test, and one that names a test without being tested', () => {
    const [serial] = loadCardReaderTable().drivers;
    const refused = [
      { ...serial, provenBy: undefined },
      { ...serial, status: 'untested' },
    ];
    for (const one of refused)
      expect(cardReaderTableSchema.safeParse({ drivers: [one] }).success).toBe(false);
  });

  test('call no vendor’s signing token tested: only software tokens have been at hand', () => {
    expect(loadSigningTokens().drivers.filter(({ testedOn }) => testedOn !== 'nothing')).toEqual([]);
  });
});
