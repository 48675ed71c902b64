/**
 * `node tests/rig/main.ts [--memory MB] [--disk FILE] [--out FOLDER] [--timeout SECONDS] -- PROGRAM [ARGUMENT...]`
 * Runs a program in the rig and prints what it prints. Killing this process cuts the guest's power.
 * Exit status: the program's; 124 when the time was up; 125 when the machine did not come up.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepareKernel } from './kernel.ts';
import { bootRig } from './rig.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    memory: { type: 'string' },
    disk: { type: 'string' },
    out: { type: 'string' },
    timeout: { type: 'string' },
  },
});
const kernel = await prepareKernel();
if ('missing' in kernel || positionals.length === 0) {
  console.error('missing' in kernel ? kernel.missing : 'what shall the rig run?');
  process.exit(125);
}
const rig = await bootRig(kernel, {
  command: positionals,
  outFolder: values.out ? resolve(values.out) : await mkdtemp(join(tmpdir(), 'usb-rig-out-')),
  ...(values.memory ? { memoryMb: Number(values.memory) } : {}),
  ...(values.disk ? { diskFile: resolve(values.disk) } : {}),
  ...(values.timeout ? { timeoutMs: Number(values.timeout) * 1000 } : {}),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void rig.cutPower());
const { how, status, console: printed } = await rig.ended;
console.log(printed);
process.exitCode = status ?? (how === 'time-up' ? 124 : 125);
