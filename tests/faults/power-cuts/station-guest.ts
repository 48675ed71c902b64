/**
 * Runs where the power is cut, with the station's store on the disk. First it looks whether everything that was acknowledged
 * before the last power cut is there and whole, then it goes on acknowledging until the next one. Written to the shared
 * folder: `acknowledged` (one line for each promise that resolved), `check.json` (this boot's findings). Arguments: disk.ts.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { ulid } from 'ulid';
import { edited, makeMaterial, makePage, makeRecord } from '#tests/support/record-fixtures.ts';
import { openStore } from '../../../scanner-agent/store/open-store.ts';
import type { OpenedStore } from '../../../scanner-agent/store/open-store.ts';
import { parseAcknowledged } from './acknowledged.ts';
import type { Acknowledged, Check } from './acknowledged.ts';
import { mountDisk, report } from './disk.ts';

const { out, disk } = mountDisk();
const folder = join(disk, 'station');
const acknowledgedFile = join(out, 'acknowledged');

const before = existsSync(acknowledgedFile) ? parseAcknowledged(readFileSync(acknowledgedFile, 'utf8')) : [];
const integrity = existsSync(join(folder, 'store.db')) ? checkDatabase() : 'ok';
const opened = openStore({ folder, ballastBytes: 4096, reserveBytes: 0 });
const check: Check = { acknowledged: before.length, pages: 0, integrity, problems: [] };
for (const line of before) await look(opened, line);
report(out, check);
for (;;) await submit(opened);

function checkDatabase(): string {
  const db = new SqliteDatabase(join(folder, 'store.db'));
  try {
    return String(db.pragma('integrity_check', { simple: true }));
  } finally {
    db.close();
  }
}

async function look({ store, blobs }: OpenedStore, line: Acknowledged): Promise<void> {
  const record = store.getRecord(line.recordId);
  if (!record) check.problems.push(`record ${line.recordId} is gone`);
  if (line.itemId !== undefined) {
    const item = store.itemsOfRecord(line.recordId).find(({ id }) => id === line.itemId);
    if (item?.seq !== line.seq || item?.blobsTotal !== line.pages.length)
      check.problems.push(`item ${line.itemId} is gone or another`);
    if (record?.state !== 'submitted') check.problems.push(`record ${line.recordId} is ${record?.state}`);
  }
  for (const sha of line.pages)
    try {
      const is = createHash('sha256')
        .update(await blobs.get(sha))
        .digest('hex');
      if (is !== sha) check.problems.push(`page ${sha} holds other bytes`);
      check.pages += 1;
    } catch (error) {
      check.problems.push(`page ${sha}: ${String(error)}`);
    }
}

/** As at the counter: pages, a draft that names them, its submission. A draft is a promise too. */
async function submit({ store, blobs }: OpenedStore): Promise<void> {
  const stats = [];
  for (let n = randomInt(1, 4); n > 0; n -= 1)
    stats.push(await blobs.put(randomBytes(randomInt(8_000, 80_000)), 'image/jpeg'));
  const pages = stats.map(({ sha }) => sha);
  const draft = makeRecord({ materials: [makeMaterial(stats.map(({ sha, size }) => makePage(sha, size)))] });
  store.insertRecord(draft);
  acknowledge({ recordId: draft.id, pages });
  const record = edited(draft, { state: 'submitted', submittedAt: '2026-03-01T01:00:00.000Z' });
  const itemId = ulid();
  const { seq } = store.enqueueSubmission({
    record,
    itemId,
    payload: JSON.stringify({ record: record.id, action: 'submit', payload: { record, stationId: 'S1' } }),
    blobs: stats.map((stat) => ({ ...stat, role: 'page' as const })),
  });
  acknowledge({ recordId: draft.id, pages, itemId, seq });
}

/** Through the shared folder straight to the host: no cut of the guest's power takes it back. */
function acknowledge(line: Acknowledged): void {
  appendFileSync(acknowledgedFile, `${JSON.stringify(line)}\n`);
}
