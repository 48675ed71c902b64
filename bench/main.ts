/** `npm run bench -- NAME [options]`: measurements over freshly rendered pages; see bench/README.md. */
import { BenchError, readBenchOptions } from './options.ts';
import type { BenchOptions } from './options.ts';

const benches: Readonly<Record<string, () => Promise<(options: BenchOptions) => Promise<void>>>> = {
  reading: async () => (await import('./reading.ts')).benchReading,
  verify: async () => (await import('./verify.ts')).benchVerify,
  pages: async () => (await import('./pages.ts')).benchPages,
};

const [name = '', ...args] = process.argv.slice(2);
const load = benches[name];
if (load) {
  try {
    await (
      await load()
    )(readBenchOptions(args, process.env));
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
