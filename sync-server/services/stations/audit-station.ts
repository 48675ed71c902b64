import { createHash } from 'node:crypto';
import type { AuditFinding } from '#domain/contracts/desk/fleet.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Audit, AuditAnswer, BlobRef } from '#domain/sync/schema.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { ItemRows } from '../../ports/item-rows.ts';
import type { StationRows } from '../../ports/station-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { StationSession } from './station-sessions.ts';

/** Read whole in one question; of more only the presence is looked at, until another night. */
const maxReadBytes = 32 * 1024 * 1024;

export interface AuditOptions {
  items: Pick<ItemRows, 'find' | 'idsBetween' | 'noteFinding' | 'forgetFindings'>;
  stations: Pick<StationRows, 'quarantine'>;
  blobs: Pick<BlobStore, 'has' | 'read' | 'setAside'>;
  clock: Clock;
  log: Log;
}

/**
 * Station and server compare what they hold. What is lost here and still there comes again; what is lost on both sides, or
 * different, becomes an alarm; a station that does not know its own items is put in quarantine.
 */
export function createAuditStation({ items, stations, blobs, clock, log }: AuditOptions) {
  return async function audit(
    session: Pick<StationSession, 'stationId' | 'check'>,
    { after, upTo, items: told }: Audit,
  ): Promise<AuditAnswer> {
    session.check();
    const { stationId } = session;
    const alarm = (kind: AuditFinding['kind'], itemId: string, detail: string) =>
      items.noteFinding({
        ...{ kind, stationId, itemId, at: clock.now() },
        detail: `station ${stationId}, ${detail}`,
      });

    const known = new Set(told.map(({ id }) => id));
    const unknown = (await items.idsBetween({ stationId, after, upTo })).filter((id) => !known.has(id));
    if (unknown.length > 0) {
      log.error({ stationId, items: unknown.length }, 'station does not know items of its own');
      await stations.quarantine(stationId, `does not know ${unknown.join(', ')}`, clock.now());
      throw new AppError('STATION_FENCED');
    }

    const again: string[] = [];
    const whole: string[] = [];
    let budget = maxReadBytes;
    for (const { id, seq, manifestSha, state } of told) {
      if (state === 'open') continue;
      const mayComeAgain = state === 'kept';
      const stored = await items.find(id);
      if (!stored) {
        if (mayComeAgain) again.push(id);
        else await alarm('item-lost', id, `seq ${seq}, its pages are gone there too`);
        continue;
      }
      if (stored.stationId !== stationId || stored.manifestSha !== manifestSha) {
        await alarm('item-different', id, `seq ${seq}, manifest ${manifestSha}`);
        continue;
      }
      const bad: string[] = [];
      for (const ref of stored.blobs) {
        const isRead = mayComeAgain && ref.size <= budget;
        if (isRead) budget -= ref.size;
        if (!(await isHere(ref, isRead))) bad.push(ref.sha);
      }
      if (bad.length === 0) {
        whole.push(id);
        continue;
      }
      log.error({ stationId, itemId: id, pages: bad }, 'pages are lost or spoilt');
      if (!mayComeAgain) await alarm('page-lost', id, `pages ${bad.join(', ')}`);
      else {
        for (const sha of bad) await blobs.setAside(sha);
        again.push(id);
      }
    }
    await items.forgetFindings({ stationId, itemIds: whole });
    return { again };
  };

  async function isHere({ sha }: BlobRef, isRead: boolean): Promise<boolean> {
    if (!(await blobs.has(sha))) return false;
    if (!isRead) return true;
    try {
      return (
        createHash('sha256')
          .update(await blobs.read(sha))
          .digest('hex') === sha
      );
    } catch (error) {
      // a store that does not answer says nothing about the page
      if (error instanceof AppError && error.code === 'SERVER_BUSY') throw error;
      return false;
    }
  }
}
export type AuditStation = ReturnType<typeof createAuditStation>;
