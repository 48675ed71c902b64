/** A station's store in a folder of its own, with submissions to queue. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import type { LudengRecord } from '#domain/record/schema.ts';
import { openStore } from '../../scanner-agent/store/open-store.ts';
import type { OpenedStore } from '../../scanner-agent/store/open-store.ts';
import { edited, makeMaterial, makePage, makeRecord } from './record-fixtures.ts';

export function makeFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'station-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function openStation(folder: string): OpenedStore {
  return openStore({ folder, ballastBytes: 4096, reserveBytes: 0 });
}

/** Pages of random bytes, a draft that names them, and its submission in the outbox. */
export async function queueSubmission(
  { store, blobs }: OpenedStore,
  options: { pages?: number; pageBytes?: number; stationId?: string } = {},
): Promise<{ record: LudengRecord; itemId: string; seq: number; bytes: number }> {
  const {
    pages = 1,
    pageBytes = 20_000,
    stationId = store.identity().enrolment?.stationId ?? 'S1',
  } = options;
  const stats = [];
  for (let n = 0; n < pages; n++) stats.push(await blobs.put(randomBytes(pageBytes), 'image/jpeg'));
  const draft = makeRecord({ materials: [makeMaterial(stats.map(({ sha, size }) => makePage(sha, size)))] });
  store.insertRecord(draft);
  const record = edited(draft, { state: 'submitted', submittedAt: '2026-03-01T01:00:00.000Z' });
  const itemId = ulid();
  const { seq } = store.enqueueSubmission({
    record,
    itemId,
    payload: JSON.stringify({ record: record.id, action: 'submit', payload: { record, stationId } }),
    blobs: stats.map((stat) => ({ ...stat, role: 'page' as const })),
  });
  return { record, itemId, seq, bytes: pages * pageBytes };
}
