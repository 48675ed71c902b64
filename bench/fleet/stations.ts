/** Many stations in one process: each with a store, a device key and a line of its own, as at a counter. */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { openStation, queueSubmission } from '#tests/support/station.ts';
import { createLink } from '../../scanner-agent/sync/create-link.ts';
import { enrolStation } from '../../scanner-agent/sync/enrol.ts';
import { fleetWorkSchema, orderSchema } from './messages.ts';
import type { Submitted } from './messages.ts';

const work = fleetWorkSchema.parse(JSON.parse(process.argv[2] ?? ''));
const stations: Awaited<ReturnType<typeof makeStation>>[] = [];
for (let n = 0; n < work.stations; n += 1) stations.push(await makeStation(work.first + n));
say('ready');
for await (const line of createInterface(process.stdin)) {
  const order = orderSchema.parse(JSON.parse(line));
  if (order.do === 'connect') {
    await Promise.all(stations.map((station) => station.connect()));
    say('connected');
  } else say(`submitted ${order.turn} ${JSON.stringify(await submit(order))}`);
}

async function makeStation(n: number) {
  const stationId = `S${String(n).padStart(5, '0')}`;
  const opened = openStation(join(work.folder, stationId));
  await enrolStation({
    store: opened.store,
    serverUrl: work.urls[n % work.urls.length] ?? '',
    code: work.code,
    stationId,
    stationName: stationId,
    timeoutMs: 60_000,
  });
  const link = createLink({ ...opened, appVersion: '1.0.0', catalogueHash: 'bench' });
  const waiting = new Map<string, () => void>();
  opened.store.subscribe((event) => {
    if (event.type === 'outbox' && event.item.receipt) waiting.get(event.item.id)?.();
  });
  return {
    connect: () =>
      new Promise<void>((resolve) => {
        link.onState(({ state }) => {
          if (state === 'online') resolve();
        });
        link.start();
      }),
    /** Milliseconds from 提交 to the receipt. */
    async submit(): Promise<number> {
      // the pages were taken before the person presses 提交
      const { itemId } = await queueSubmission(opened, {
        pages: work.pages,
        pageBytes: work.pageBytes,
      });
      const submittedAt = performance.now();
      await new Promise<void>((resolve) => waiting.set(itemId, resolve));
      waiting.delete(itemId);
      return performance.now() - submittedAt;
    },
  };
}

async function submit(order: { active: number; everyMs: number; forMs: number }): Promise<Submitted> {
  const receiptMs: number[] = [];
  const startedAt = performance.now();
  const end = startedAt + order.forMs;
  await Promise.all(
    stations.slice(0, order.active).map(async (station) => {
      for (;;) {
        if (order.everyMs > 0) {
          const pauseMs = -Math.log(1 - chance()) * order.everyMs;
          if (performance.now() + pauseMs > end) return;
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
        if (performance.now() > end) return;
        receiptMs.push(await station.submit());
      }
    }),
  );
  return { receiptMs, seconds: (performance.now() - startedAt) / 1000 };
}

/** 0 (inclusive) to 1 (exclusive). */
function chance(): number {
  return randomBytes(4).readUInt32BE() / 2 ** 32;
}

function say(word: string): void {
  process.stdout.write(`[${word}]\n`);
}
