/**
 * The revocation lists of the authorities, fetched now and then and kept on disk: a station without a line still
 * judges by the last ones. A list counts only when the authority itself signed it; a newer one is never replaced by an
 * older; one that has run out is shown as such, and what it withdrew stays withdrawn.
 */
import { dayMs } from '#domain/primitives.ts';
import { hash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificateFingerprint, describeCertificate } from './certificate.ts';
import type { CheckRevocation, RevocationState } from './chain.ts';
import { isInScope, isListOf, readRevocationList } from './revocation-list.ts';
import type { RevocationList } from './revocation-list.ts';

export interface RevocationListsOptions {
  /** Addresses (http, https) and files of the lists. */
  sources: readonly string[];
  /** Where fetched lists are kept. */
  folder: string;
  now: () => string;
  fetch?: typeof fetch;
  onError: (trouble: { source: string; reason: string }) => void;
}

export interface ListView {
  source: string;
  /** missing: never had; stale: past its next update; fresh. */
  state: 'missing' | 'stale' | 'fresh';
  thisUpdate?: string;
  nextUpdate?: string;
  revoked: number;
}

export interface RevocationLists {
  /** Reads the files and kept lists, fetches those that are due. Never throws: what goes wrong is told and shown. */
  refresh(signal: AbortSignal): Promise<void>;
  /** Refreshes now and again and again; returns the way to stop, which waits for nothing that is under way. */
  start(): () => void;
  check: CheckRevocation;
  describe(): ListView[];
}

const maxListBytes = 32 * 1024 * 1024;
const fetchTimeoutMs = 20_000;
/** A list without an end of its own is trusted that long. */
const ownLifeMs = 7 * dayMs;
/** What is due or failed to come is looked for that often. */
const pollIntervalMs = 30 * 60_000;
/** Asked again at the latest after this, however long the authority lets a list live. */
const refetchMs = 6 * 3_600_000;

export function createRevocationLists(options: RevocationListsOptions): RevocationLists {
  const { sources, folder, now, onError, fetch: get = fetch } = options;
  const lists = new Map<string, RevocationList>();
  const fetchedAt = new Map<string, number>();
  const signers = new Map<string, boolean>();

  const isStale = ({ thisUpdate, nextUpdate }: RevocationList): boolean =>
    Date.parse(now()) > (nextUpdate ? Date.parse(nextUpdate) : Date.parse(thisUpdate) + ownLifeMs);
  const fileOf = (source: string): string => join(folder, `${hash('sha256', source).slice(0, 16)}.crl`);

  /** An older list in a newer one's place would bring withdrawn certificates back. */
  function adopt(source: string, bytes: Uint8Array): boolean {
    const list = readRevocationList(bytes);
    const known = lists.get(source);
    if (known && list.thisUpdate <= known.thisUpdate) return false;
    lists.set(source, list);
    return true;
  }

  async function refreshOne(source: string, signal: AbortSignal): Promise<void> {
    if (!/^https?:/.test(source)) {
      adopt(source, await readFile(source));
      return;
    }
    if (!lists.has(source)) {
      const kept = await readFile(fileOf(source)).catch(() => undefined);
      if (kept) adopt(source, kept);
    }
    const last = fetchedAt.get(source);
    const known = lists.get(source);
    if (known && !isStale(known) && last !== undefined && Date.now() - last < refetchMs) return;
    const answer = await get(source, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)]),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const bytes = await readBounded(answer);
    const isNew = adopt(source, bytes);
    fetchedAt.set(source, Date.now());
    if (!isNew) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(`${fileOf(source)}.new`, bytes, { mode: 0o600 });
    await rename(`${fileOf(source)}.new`, fileOf(source));
  }

  function isSignedBy(list: RevocationList, authority: Uint8Array): boolean {
    const key = `${certificateFingerprint(list.der)} ${certificateFingerprint(authority)}`;
    const known = signers.get(key);
    if (known !== undefined) return known;
    const isSigned = isListOf(list, authority);
    if (signers.size > 1000) signers.clear();
    signers.set(key, isSigned);
    return isSigned;
  }

  async function refresh(signal: AbortSignal): Promise<void> {
    for (const source of sources) {
      try {
        await refreshOne(source, signal);
      } catch (error) {
        if (signal.aborted) return;
        onError({ source, reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  return {
    refresh,
    start() {
      const stopping = new AbortController();
      const look = (): void => void refresh(stopping.signal);
      look();
      const timer = setInterval(look, pollIntervalMs);
      timer.unref();
      return () => {
        stopping.abort();
        clearInterval(timer);
      };
    },
    check({ certificate, issuer, at }) {
      const info = describeCertificate(certificate);
      let state: RevocationState = { kind: 'unknown' };
      for (const list of lists.values()) {
        if (!isInScope(list, info) || !isSignedBy(list, issuer)) continue;
        const since = list.revoked.get(info.serialNumber);
        if (since !== undefined && since <= at) return { kind: 'revoked', since };
        const { thisUpdate, nextUpdate } = list;
        const span = { thisUpdate, ...(nextUpdate === undefined ? {} : { nextUpdate }) };
        if (!isStale(list)) state = { kind: 'good', ...span };
        else if (state.kind === 'unknown') state = { kind: 'stale', ...span };
      }
      return state;
    },
    describe: () =>
      sources.map((source) => {
        const list = lists.get(source);
        if (!list) return { source, state: 'missing', revoked: 0 };
        const { thisUpdate, nextUpdate, revoked } = list;
        return {
          source,
          state: isStale(list) ? 'stale' : 'fresh',
          thisUpdate,
          ...(nextUpdate === undefined ? {} : { nextUpdate }),
          revoked: revoked.size,
        };
      }),
  };
}

async function readBounded(answer: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.length;
    if (size > maxListBytes) throw new Error(`more than ${maxListBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
