import { getRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { MarketRows } from '#domain/sync/market-rows.ts';
import type { marketRowsSchema, removeRowSchema } from '#domain/sync/market-rows.ts';
import type { z } from 'zod';
import type { BuildingMarket } from '../../ports/outside/building-market.ts';
import type { RemovedRows } from '../../ports/removed-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { StationSession } from '../stations/station-sessions.ts';
import type { SubjectAccess } from './subject-access.ts';

export interface MarketRowsOptions {
  access: Pick<SubjectAccess, 'check'>;
  buildingMarket: BuildingMarket;
  rows: RemovedRows;
  catalogue: Catalogue;
  clock: Pick<Clock, 'now'>;
}

/** What the national platform has of whoever stands at a counter, for the lists that the catalogue fills from it. */
export function createMarketRows({ access, buildingMarket, rows, catalogue, clock }: MarketRowsOptions) {
  function refuseOthers(programme: string, kind: string): void {
    if (!getRecordKind(catalogue, programme, kind).synchronise) throw new AppError('NOT_FOUND', { kind });
  }
  return {
    /** Throws FORBIDDEN, NOT_FOUND, SERVICE_UNREACHABLE, SERVICE_MISSING; nothing was restored then. */
    async find(
      session: StationSession,
      { audience, programme, kind, idNumber, restored }: z.output<typeof marketRowsSchema>,
    ): Promise<MarketRows> {
      const subject = await access.check(session, audience);
      refuseOthers(programme, kind);
      const { creditCode } = subject;
      const found = await buildingMarket.find({
        creditCode,
        ...(idNumber === undefined ? {} : { idNumber }),
      });
      const list = { subject, programme, kind };
      await rows.restore(list, restored);
      return { total: found.total, rows: found.certificates, removed: await rows.of(list) };
    },
    /** Throws FORBIDDEN, NOT_FOUND. */
    async remove(
      session: StationSession,
      { audience, programme, kind, row }: z.output<typeof removeRowSchema>,
    ): Promise<void> {
      const subject = await access.check(session, audience);
      refuseOthers(programme, kind);
      const { stationId } = session;
      await rows.remove({ subject, programme, kind }, row, { stationId, at: clock.now() });
    },
  };
}
export type CreatedMarketRows = ReturnType<typeof createMarketRows>;
