import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { StoredItem } from '../../ports/item-rows.ts';
import { createAuditStation } from './audit-station.ts';

const page = Buffer.from('a page');
const shaOf = (bytes: Uint8Array): string => hash('sha256', bytes);
const session = { stationId: 'S', check: () => undefined };

/** Items whose pages are all `page`; those in `lost` have theirs no more. What the audit made of them. */
function open(ids: readonly string[], lost: readonly string[]) {
  const said: string[] = [];
  const stored = (id: string): StoredItem => ({
    ...{ id, stationId: 'S', kind: 'submission', payload: '', receivedAt: '', manifestSha: 'm' },
    blobs: [{ sha: lost.includes(id) ? 'gone' : shaOf(page), size: 6, mime: 'image/jpeg', role: 'page' }],
  });
  const audit = createAuditStation({
    items: {
      find: (id) => Promise.resolve(ids.includes(id) ? stored(id) : undefined),
      idsBetween: () => Promise.resolve([]),
      noteFinding: ({ kind, itemId, stationId }) =>
        Promise.resolve(void said.push(`${kind} ${itemId} ${stationId}`)),
      forgetFindings: ({ itemIds }) => Promise.resolve(void said.push(`whole ${itemIds.join(' ')}`)),
    },
    stations: { quarantine: () => Promise.resolve(void said.push('quarantine')) },
    blobs: {
      has: (sha) => Promise.resolve(sha !== 'gone'),
      read: () => Promise.resolve(page),
      setAside: (sha) => Promise.resolve(void said.push(`aside ${sha}`)),
    },
    clock: { now: () => '2026-03-01T08:00:00.000Z', nowMs: () => 0 },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const told = (id: string, seq: number, state: 'kept' | 'gone', manifestSha = 'm') => ({
    id,
    seq,
    manifestSha,
    state,
  });
  return { audit, said, told };
}

it('finds what neither side has any more, asks again for what the station has, and forgets findings of what is whole', async () => {
  const { audit, said, told } = open(['whole', 'spoilt', 'lost', 'other'], ['spoilt', 'lost']);
  const items = [
    told('whole', 1, 'gone'),
    told('spoilt', 2, 'kept'),
    told('lost', 3, 'gone'),
    told('other', 4, 'gone', 'another manifest'),
    told('missing', 5, 'gone'),
    told('unsent', 6, 'kept'),
  ];
  expect(await audit(session, { after: 0, upTo: 6, items })).toEqual({ again: ['spoilt', 'unsent'] });
  expect(said).toEqual([
    'aside gone',
    'page-lost lost S',
    'item-different other S',
    'item-lost missing S',
    'whole whole',
  ]);
});
