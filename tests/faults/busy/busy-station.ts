/**
 * A station that never rests, to be killed at any moment: keeps some submissions in its queue and the line up. Arguments:
 * folder, server's address, enrolment code, file for what was promised, and `drain` to queue nothing more. Each line of
 * the file was written after the promise: of a queued item with its pages, or of a stored receipt.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { ulid } from 'ulid';
import { edited, makeMaterial, makePage, makeRecord } from '#tests/support/record-fixtures.ts';
import { openStation } from '#tests/support/station.ts';
import { createLink } from '../../../scanner-agent/sync/create-link.ts';
import { enrolStation } from '../../../scanner-agent/sync/enrol.ts';
import { endWithParent } from './end-with-parent.ts';
import type { Promised } from './promised.ts';

const maxQueued = 5;
const [folder = '', serverUrl = '', code = '', file = '', mode = ''] = process.argv.slice(2);
endWithParent();
const { store, blobs } = openStation(folder);
while (!store.identity().enrolment)
  await enrolStation({ store, serverUrl, code, stationId: 'S1', stationName: '一号采集站' }).catch(
    () => new Promise((resolve) => setTimeout(resolve, 200)),
  );

const isHeard = new Set<string>();
store.subscribe((event) => {
  if (event.type !== 'outbox') return;
  const { id, receipt } = event.item;
  if (!receipt || isHeard.has(id)) return;
  isHeard.add(id);
  promise({ type: 'received', itemId: id, signature: receipt.signature });
});
// the waits of a real outage would only make fewer cuts of an hour
const link = createLink({ store, blobs, appVersion: '1.0.0', catalogueHash: 'test', random: () => 0 });
link.onState(({ queued, parked }) => {
  if (mode === 'drain') process.stdout.write(`${JSON.stringify({ queued, parked })}\n`);
});
link.start();
if (mode !== 'drain') for (;;) await submit();

async function submit(): Promise<void> {
  if (store.outboxCounts().queued >= maxQueued) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return;
  }
  const stats = [];
  for (let n = randomInt(1, 4); n > 0; n -= 1)
    stats.push(await blobs.put(randomBytes(randomInt(8_000, 300_000)), 'image/jpeg'));
  const draft = makeRecord({ materials: [makeMaterial(stats.map(({ sha, size }) => makePage(sha, size)))] });
  store.insertRecord(draft);
  const itemId = ulid();
  const record = edited(draft, { state: 'submitted', submittedAt: '2026-03-01T01:00:00.000Z' });
  store.enqueueSubmission({
    record,
    itemId,
    payload: JSON.stringify({ record: record.id, action: 'submit', payload: { record, stationId: 'S1' } }),
    blobs: stats.map((stat) => ({ ...stat, role: 'page' as const })),
  });
  promise({ type: 'queued', itemId, pages: stats.map(({ sha }) => sha) });
}

/** The kernel has it before the next step: killing this process takes nothing back. */
function promise(line: Promised): void {
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}
