import { defineConfig } from 'vitest/config';
import vue from '@vitejs/plugin-vue';

const rooms =
  '{domain,config,sandbox,sealing,paper,scanner-agent,sync-server,kiosk,ui,scripts,bench,tests/emulators,tests/support}';

// At night long suites run whole instead of a sample (tests/support/nightly.ts).
const patience = process.env['LUDENG_NIGHTLY'] === '1' ? 20 : 1;

export default defineConfig({
  plugins: [vue()],
  test: {
    // What comes by an event or a job comes when the machine has time for it; Vitest's one second is short on a busy one.
    expect: { poll: { timeout: 15_000 * patience } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${rooms}/**/*.test.ts`],
          exclude: ['**/node_modules/**', 'kiosk/app/**', 'ui/**', 'sync-server/consoles/**'],
          testTimeout: 20_000 * patience,
        },
      },
      {
        extends: true,
        test: {
          name: 'components',
          environment: 'happy-dom',
          include: ['{kiosk/app,ui,sync-server/consoles}/**/*.test.ts'],
          testTimeout: 20_000 * patience,
        },
      },
      ...['integration', 'acceptance', 'faults', 'e2e'].map((name) => ({
        extends: true as const,
        test: {
          name,
          // the projects whose tests carry rows in their names
          ...(['acceptance', 'e2e'].includes(name) ? { runner: 'tests/support/walk-runner.ts' } : {}),
          include: [`tests/${name}/**/*.test.ts`],
          ...(name === 'faults' ? {} : { isolate: false }),
          testTimeout: 120_000 * patience,
          hookTimeout: 120_000,
          fileParallelism: false,
          // Real processes on a busy machine: a second try, which `npm test` names as UNSTEADY. What counts losses has none.
          retry: name === 'faults' ? 0 : 1,
        },
      })),
      {
        extends: true,
        test: {
          // one station, server and browser for all files (tests/support/row-test.ts)
          name: 'rows',
          include: ['tests/rows/**/*.test.ts'],
          runner: 'tests/support/walk-runner.ts',
          isolate: false,
          fileParallelism: false,
          maxConcurrency: 3,
          testTimeout: 120_000 * patience,
          hookTimeout: 120_000,
          retry: 1,
        },
      },
      {
        extends: true,
        test: {
          // the same server, as a province runs it
          name: 'province',
          include: [
            'tests/province/**/*.test.ts',
            'tests/integration/server-*.test.ts',
            'tests/acceptance/liaoning-counter.test.ts',
            'tests/acceptance/bad-stations.test.ts',
          ],
          globalSetup: ['tests/support/province-stores.ts'],
          isolate: false,
          testTimeout: 120_000 * patience,
          hookTimeout: 120_000,
          fileParallelism: false,
          retry: 1,
        },
      },
    ],
  },
});
