import type { NewHandler } from '#domain/accounts/handlers.ts';
import { demand, demandAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { SynchronisedKeys } from '#domain/contracts/unit/handlers.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { CaCompany } from '../../ports/outside/ca-company.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { UnitRows } from '../../ports/unit-rows.ts';
import { hasFreshKey } from '../accounts/fresh-key.ts';
import type { FileHandler } from './file-handler.ts';
import type { FindOwnUnit } from './own-unit.ts';

export interface UnitKeysOptions {
  rows: Pick<UnitRows, 'findKey' | 'putKeys'>;
  caCompany: CaCompany;
  ownUnit: FindOwnUnit;
  fileHandler: FileHandler;
  clock: Clock;
  log: Pick<Log, 'info'>;
}

/** 获取CA信息: keys that the CA company gave to the unit, and who holds them. */
export function createUnitKeys({ rows, caCompany, ownUnit, fileHandler, clock, log }: UnitKeysOptions) {
  /** The unit's own key signed in this session, a moment ago. Throws KEY_NOT_INSERTED. */
  function demandInserted(actor: Actor): void {
    if (!hasFreshKey(actor, actor.organisation, clock.nowMs())) throw new AppError('KEY_NOT_INSERTED');
  }

  return {
    /** Throws KEY_NOT_INSERTED, SERVICE_MISSING, SERVICE_UNREACHABLE. Twice is fine. */
    async synchronise(actor: Actor): Promise<SynchronisedKeys> {
      demandAtAll(actor, 'unit-key.synchronise');
      demandInserted(actor);
      const { unit } = await ownUnit(actor);
      const issued = await caCompany.keysOf(unit.code);
      const added = await rows.putKeys(unit.id, issued, { actor: actor.account, at: clock.now() });
      log.info({ by: actor.account, known: issued.length, added }, 'keys synchronised');
      return { known: issued.length, added };
    },

    /** 编辑 of a key. Throws NOT_FOUND, KEY_NOT_USABLE, and what `fileHandler` throws. */
    async complete(actor: Actor, id: string, holder: NewHandler): Promise<{ recordId: string }> {
      const found = await rows.findKey(id);
      if (!found) {
        demandAtAll(actor, 'unit-key.complete');
        throw new AppError('NOT_FOUND', { key: id });
      }
      demand(actor, 'unit-key.complete', found.facts, { key: id });
      const { serial, isRevoked, validUntil } = found.key;
      const isOver = isRevoked || Date.parse(validUntil) <= clock.nowMs();
      if (isOver || found.isTied) throw new AppError('KEY_NOT_USABLE');
      return fileHandler(actor, await ownUnit(actor), { ...holder, key: serial });
    },
  };
}
export type UnitKeys = ReturnType<typeof createUnitKeys>;
