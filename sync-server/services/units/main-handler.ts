import type { NewMainHandler } from '#domain/accounts/handlers.ts';
import { demandAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { mainChangeFields } from '#domain/catalogue/user-centre.ts';
import type { MainHandler } from '#domain/contracts/unit/handlers.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { maskIdNumber, maskMobile } from '#domain/text/masking.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { UnitRows } from '../../ports/unit-rows.ts';
import type { AttemptLimit } from '../accounts/attempt-limit.ts';
import type { FileRecord } from '../records/file-record.ts';
import { confirmerOf } from './own-unit.ts';
import type { FindOwnUnit, OwnUnit } from './own-unit.ts';
import { mainChangeKindOf } from './unit-kinds.ts';

const freeRefusals = 10;
const filingMs = 30_000;

export interface MainHandlersOptions {
  rows: Pick<UnitRows, 'lastFiled'>;
  atomic: Pick<AtomicRows, 'reserve' | 'release'>;
  attempts: Pick<AttemptLimit, 'take'>;
  ownUnit: FindOwnUnit;
  fileRecord: FileRecord;
  catalogue: Catalogue;
  clock: Pick<Clock, 'nowMs'>;
}

/** 主经办人账号信息变更: another person in the main handler's place, once whoever answers for the unit has confirmed it. */
export function createMainHandlers(options: MainHandlersOptions) {
  const { rows, atomic, attempts, ownUnit, fileRecord, catalogue, clock } = options;

  async function lastOf({ programme, centre, unit }: OwnUnit): Promise<MainHandler['last']> {
    const { mainChangeKind: kind } = centre.handlers;
    const last = await rows.lastFiled({ programme: programme.id, kind, subject: unit.code });
    if (!last) return undefined;
    const { record, caseState } = last;
    const { fields } = mainChangeKindOf(catalogue, programme.id, kind);
    const isOver = caseState === 'approved' || caseState === 'refused';
    return {
      name: record.form[fields.name] ?? '',
      filedAt: record.submittedAt ?? record.createdAt,
      outcome: isOver ? caseState : 'waiting',
    };
  }

  return {
    async read(actor: Actor): Promise<MainHandler> {
      demandAtAll(actor, 'main-handler.change');
      const own = await ownUnit(actor);
      const { name, idNumber, mobile } = own.main.person;
      const last = await lastOf(own);
      return {
        current: { name, idNumber: maskIdNumber(idNumber), mobile: maskMobile(mobile) },
        ...(last ? { last } : {}),
      };
    },

    /** 提交. Throws CHANGE_WAITING, NO_ONE_DECIDES, TOO_MANY_ATTEMPTS, and what `fileRecord` throws. */
    async change(actor: Actor, wanted: NewMainHandler): Promise<{ recordId: string }> {
      demandAtAll(actor, 'main-handler.change');
      const own = await ownUnit(actor);
      const { kind, fields } = mainChangeKindOf(
        catalogue,
        own.programme.id,
        own.centre.handlers.mainChangeKind,
      );
      const attempt = await attempts.take([{ name: `main-change by ${own.reference}`, free: freeRefusals }]);
      const nowMs = clock.nowMs();
      const place = `main-change-filing ${own.reference}`;
      if (!(await atomic.reserve(place, { nowMs, untilMs: nowMs + filingMs })))
        throw new AppError('CHANGE_WAITING');
      try {
        if ((await lastOf(own))?.outcome === 'waiting') throw new AppError('CHANGE_WAITING');
        const { recordId } = await fileRecord({
          ...{ programme: own.programme.id, kind: kind.id, role: own.type.role, actor, subject: own.subject },
          form: {
            [fields.name]: wanted.name,
            [fields.idNumber]: wanted.idNumber,
            [fields.mobile]: wanted.mobile,
            [fields.confirmer]: confirmerOf(own),
            [mainChangeFields.reason]: wanted.reason,
            [mainChangeFields.accountType]: own.main.type,
          },
        });
        await attempt.giveBack();
        return { recordId };
      } finally {
        await atomic.release(place);
      }
    },
  };
}
export type MainHandlers = ReturnType<typeof createMainHandlers>;
