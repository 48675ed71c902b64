/** The guests' side of the disk: where everything is, told by arguments, and the findings. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endWithParent } from '../busy/end-with-parent.ts';
import type { Check } from './acknowledged.ts';
import type { Places } from './machines.ts';

export const placesAsArguments = ({ out, device, disk, port }: Places): string[] => [
  out,
  device,
  disk,
  String(port),
];

/** Mounts the disk and answers where everything is. */
export function mountDisk(): Places {
  const [out = '', device = '', disk = '', port = ''] = process.argv.slice(2);
  endWithParent();
  mkdirSync(disk, { recursive: true });
  execFileSync('mount', ['-t', 'ext4', device, disk]);
  return { out, device, disk, port: Number(port) };
}

/** Whole or not at all: the host looks for it. */
export function report(out: string, check: Check): void {
  writeFileSync(join(out, 'check.part'), JSON.stringify(check));
  renameSync(join(out, 'check.part'), join(out, 'check.json'));
}
