/** Debian's SANE with its test backend as the only scanner, set up by a configuration folder of our own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saneDriver } from './scanner-table.ts';
import { findSane } from '../../scanner-agent/devices/scanners/sane/find-sane.ts';

export const saneDevice = 'test:0';

export interface SaneBench {
  finder: ReturnType<typeof findSane>;
  scratchFolder: string;
  remove: () => void;
}

/** `conf`: lines of test.conf (sane-test(5)); `program`: another program in scanimage's place. */
export function prepareSane(options: { conf?: string[]; program?: string } = {}): SaneBench {
  const folder = mkdtempSync(join(tmpdir(), 'ludeng-sane-'));
  const scratchFolder = mkdtempSync(join(folder, 'scratch-'));
  writeFileSync(join(folder, 'dll.conf'), 'test\n');
  const conf = ['mode Color', 'test-picture "Grid"', 'number_of_devices 1', ...(options.conf ?? [])];
  writeFileSync(join(folder, 'test.conf'), `${conf.join('\n')}\n`);
  const finder = findSane(
    { ...saneDriver, program: options.program ?? saneDriver.program },
    {
      configured: [{ driver: saneDriver.id, address: saneDevice, name: '测试扫描仪', simulated: true }],
      find: false,
      environment: { PATH: process.env['PATH'] ?? '', SANE_CONFIG_DIR: folder },
      scratchFolder,
    },
  );
  return { finder, scratchFolder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
