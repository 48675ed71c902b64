/** `npm run bench -- NAME [options]`: measurements; see bench/README.md. */
import { BenchError, readBenchOptions } from './options.ts';
import type { BenchOptions } from './options.ts';

type Bench = (args: string[]) => Promise<void>;

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  reading: async () => onPages((await import('./reading.ts')).benchReading),
  verify: async () => onPages((await import('./verify.ts')).benchVerify),
  pages: async () => onPages((await import('./pages.ts')).benchPages),
  opencv: async () => onPages((await import('./opencv.ts')).benchOpenCv),
  sync: async () => (await import('./sync.ts')).benchSync,
  accounts: async () => (await import('./accounts.ts')).benchAccounts,
  registers: async () => (await import('./registers.ts')).benchRegisters,
  fleet: async () => (await import('./fleet.ts')).benchFleet,
  fields: async () => (await import('./fields.ts')).benchFields,
};

/** Those over rendered pages share their options. */
function onPages(bench: (options: BenchOptions) => Promise<void>): Bench {
  return (args) => bench(readBenchOptions(args, process.env));
}

const [name = '', ...args] = process.argv.slice(2);
const load = benches[name];
if (load) {
  try {
    const bench = await load();
    await bench(args);
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
} else {
  process.stderr.write(
    `usage: npm run bench -- ${Object.keys(benches).join(' | ')} [options]; see bench/README.md\n`,
  );
  process.exitCode = 2;
}
