import type { Handler, HandlerChange, NewHandler } from '#domain/accounts/handlers.ts';
import { demand, demandAtAll, filterFor } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { HandlerList } from '#domain/contracts/unit/handlers.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { maskIdNumber, maskMobile } from '#domain/text/masking.ts';
import type { Acting } from '../../ports/account-rows.ts';
import type { DirectoryRows } from '../../ports/directory-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { UnitRows } from '../../ports/unit-rows.ts';
import type { CorrectHandler } from './correct-handler.ts';
import type { FileHandler } from './file-handler.ts';
import type { FindOwnUnit, OwnUnit } from './own-unit.ts';
import { handlerKindOf, personIn } from './unit-kinds.ts';

export interface HandlersOptions {
  rows: UnitRows;
  freezing: Pick<DirectoryRows, 'freeze' | 'thaw'>;
  ownUnit: FindOwnUnit;
  fileHandler: FileHandler;
  correctHandler: CorrectHandler;
  catalogue: Catalogue;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
}

type OwnHandlerAction = 'handler.change' | 'handler.authorise' | 'handler.freeze' | 'handler.thaw';

/** 经办人管理: what a unit's main account does with the accounts of the unit's people. */
export function createHandlers(options: HandlersOptions) {
  const { rows, freezing, ownUnit, fileHandler, correctHandler, catalogue, clock, log } = options;
  const acting = (actor: Actor): Acting => ({ actor: actor.account, at: clock.now() });

  async function find(actor: Actor, action: OwnHandlerAction, id: string): Promise<Handler> {
    const found = await rows.findHandler(id);
    if (!found) {
      demandAtAll(actor, action);
      throw new AppError('NOT_FOUND', { handler: id });
    }
    demand(actor, action, found.facts, { handler: id });
    return found.handler;
  }

  async function read(id: string): Promise<Handler> {
    const found = await rows.findHandler(id);
    if (!found) throw new AppError('NOT_FOUND', { handler: id });
    return masked(found.handler);
  }

  /** Filed, its case not opened yet: it is there for whoever has just added it. */
  async function filedOf({ programme, centre, unit }: OwnUnit): Promise<Handler[]> {
    const { recordKind: kind } = centre.handlers;
    const { fields } = handlerKindOf(catalogue, programme.id, kind);
    const records = await rows.unopened({ programme: programme.id, kind, subject: unit.code });
    return records.map((record): Handler => {
      const { name, idNumber, mobile } = personIn(record.form, fields);
      const keySerial = fields.keySerial === undefined ? undefined : record.form[fields.keySerial];
      return {
        ...{ id: record.id, name, idNumber, mobile, type: record.form[fields.type] ?? '' },
        ...{ state: 'pending', systems: [], createdAt: record.submittedAt ?? record.createdAt },
        ...(keySerial === undefined ? {} : { keySerial }),
      };
    });
  }

  return {
    async list(actor: Actor): Promise<HandlerList> {
      demandAtAll(actor, 'handler.list');
      const own = await ownUnit(actor);
      const opened = await rows.handlers(filterFor(actor, 'handler.change'));
      const filed = await filedOf(own);
      const keys = await rows.keys(own.unit.id);
      const isNamed = (serial: string): boolean => filed.some(({ keySerial }) => keySerial === serial);
      return {
        handlers: [...filed, ...opened].map(masked),
        keys: keys.flatMap(({ key, isTied }) => (isTied || isNamed(key.serial) ? [] : [key])),
      };
    },

    /** 添加经办人账号. Throws what `fileHandler` throws. */
    async add(actor: Actor, wanted: NewHandler): Promise<{ recordId: string }> {
      demandAtAll(actor, 'handler.add');
      return fileHandler(actor, await ownUnit(actor), wanted);
    },

    /**
     * 编辑: how its holder is reached; of one that waits for its confirmation all that was said of the holder. Throws NOT_FOUND,
     * CASE_CLOSED where the holder is said of one that was confirmed, and what `correctHandler` throws.
     */
    async change(actor: Actor, id: string, { mobile, holder }: HandlerChange): Promise<Handler> {
      const handler = await find(actor, 'handler.change', id);
      if (!holder) {
        await rows.changeMobile(id, mobile, acting(actor));
        return read(id);
      }
      const recordId = (await rows.findHandler(id))?.recordId;
      if (handler.state !== 'pending' || recordId === undefined)
        throw new AppError('CASE_CLOSED', { handler: id });
      const filed = await correctHandler(actor, await ownUnit(actor), { ...holder, mobile, recordId });
      log.info({ account: id, by: actor.account }, 'handler corrected');
      return masked({
        ...{ id: filed.recordId, ...holder, mobile, state: 'pending', systems: [], createdAt: clock.now() },
        ...(handler.keySerial === undefined ? {} : { keySerial: handler.keySerial }),
      });
    },

    /** 授权. Throws NOT_FOUND, ACCOUNT_NOT_ENABLED, BAD_REQUEST for a system that the user centre does not have. */
    async authorise(actor: Actor, id: string, systems: readonly string[]): Promise<Handler> {
      const { state } = await find(actor, 'handler.authorise', id);
      if (state === 'pending') throw new AppError('ACCOUNT_NOT_ENABLED');
      const { centre } = await ownUnit(actor);
      const known = centre.systems.map(({ programme }) => programme);
      const strange = systems.find((one) => !known.includes(one));
      if (strange !== undefined) throw new AppError('BAD_REQUEST', { system: strange });
      await rows.authorise(
        id,
        known.filter((one) => systems.includes(one)),
        acting(actor),
      );
      log.info({ account: id, by: actor.account, systems: systems.length }, 'handler authorised');
      return read(id);
    },

    /** 冻结: every session of it ends at once. Throws NOT_FOUND, ACCOUNT_NOT_ENABLED. Twice is fine. */
    async freeze(actor: Actor, id: string, { reason }: { reason: string }): Promise<Handler> {
      const { state } = await find(actor, 'handler.freeze', id);
      if (state === 'pending') throw new AppError('ACCOUNT_NOT_ENABLED');
      await freezing.freeze(id, { reason, note: '' }, acting(actor));
      return read(id);
    },

    /** 解冻, of what the unit itself froze. Throws NOT_FOUND, ACCOUNT_FROZEN_BY_STAFF. */
    async thaw(actor: Actor, id: string, why: { reason: string }): Promise<Handler> {
      const { frozen } = await find(actor, 'handler.thaw', id);
      if (frozen?.isByStaff === true) throw new AppError('ACCOUNT_FROZEN_BY_STAFF');
      await freezing.thaw(id, why, acting(actor));
      return read(id);
    },
  };
}
export type Handlers = ReturnType<typeof createHandlers>;

const masked = (handler: Handler): Handler => ({
  ...handler,
  mobile: maskMobile(handler.mobile),
  idNumber: maskIdNumber(handler.idNumber),
});
