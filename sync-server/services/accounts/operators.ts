import type { Operator, NewOperator, OperatorChange } from '#domain/accounts/operators.ts';
import { systemPermission } from '#domain/accounts/systems.ts';
import { getProgramme } from '#domain/catalogue/lookup.ts';
import type { LoadedProgramme } from '#domain/catalogue/lookup.ts';
import type { OperatorsOfProgramme } from '#domain/catalogue/operators.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { demand, demandAtAll, filterFor } from '#domain/accounts/permissions.ts';
import type { Action } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Acting } from '../../ports/account-rows.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { MobileCheck } from '../../ports/mobile-check.ts';
import type { OperatorRows } from '../../ports/operator-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import type { SendFirstPassword } from './send-first-password.ts';

/** Looks at names and numbers by one organisation within an hour, before the next one waits: the check must not be a register. */
const freeChecks = 30;
/** Longer than adding takes: whoever dies meanwhile holds nobody up. */
const addingMs = 60_000;

export interface OperatorsOptions {
  rows: OperatorRows;
  mobileCheck: MobileCheck;
  firstPassword: SendFirstPassword;
  atomic: Pick<AtomicRows, 'reserve' | 'release'>;
  catalogue: Catalogue;
  attempts: Pick<AttemptLimit, 'take'>;
  makeId: MakeId;
  clock: Pick<Clock, 'now' | 'nowMs'>;
  log: Pick<Log, 'info'>;
}

/** 操作员管理: what an organisation's main account does with its own operators. */
export function createOperators({
  rows,
  mobileCheck,
  firstPassword,
  atomic,
  catalogue,
  attempts,
  makeId,
  clock,
  log,
}: OperatorsOptions) {
  const { targetOf } = firstPassword;
  const acting = (actor: Actor): Acting => ({ actor: actor.account, at: clock.now() });

  /** Throws SERVICE_MISSING, SERVICE_UNREACHABLE, TOO_MANY_ATTEMPTS, MOBILE_MISMATCH. Nothing is kept before. */
  async function checkMobile(actor: Actor, person: { name: string; mobile: string }): Promise<void> {
    await attempts.take([{ name: `mobile-check by ${actor.organisation?.value ?? ''}`, free: freeChecks }]);
    if (!(await mobileCheck.matches(person))) throw new AppError('MOBILE_MISMATCH');
  }

  /** Throws NOT_FOUND where companies have no operators in the programme. */
  function operatorsOf(id: string): { programme: LoadedProgramme; known: OperatorsOfProgramme } {
    const programme = getProgramme(catalogue, id);
    const { operators: known } = programme;
    if (!known) throw new AppError('NOT_FOUND', { programme: id });
    return { programme, known };
  }

  /** Of two who add one number at the same moment one writes to its owner. Throws MOBILE_TAKEN. */
  async function aloneWith<T>(mobile: string, work: () => Promise<T>): Promise<T> {
    const name = `operator-adding ${targetOf(mobile)}`;
    const nowMs = clock.nowMs();
    if (!(await atomic.reserve(name, { nowMs, untilMs: nowMs + addingMs })))
      throw new AppError('MOBILE_TAKEN');
    try {
      return await work();
    } finally {
      await atomic.release(name);
    }
  }

  async function find(
    actor: Actor,
    action: Extract<Action, `operator.${string}`>,
    id: string,
  ): Promise<Operator> {
    const found = await rows.find(id);
    if (!found) {
      demandAtAll(actor, action);
      throw new AppError('NOT_FOUND', { operator: id });
    }
    demand(actor, action, found.facts, { operator: id });
    return found.operator;
  }

  async function change(actor: Actor, id: string, next: OperatorChange): Promise<Operator> {
    const changed = await rows.change(id, next, acting(actor));
    if (changed === 'mobile-taken') throw new AppError('MOBILE_TAKEN');
    log.info({ account: id, by: actor.account, changed: Object.keys(next) }, 'operator changed');
    const now = await rows.find(id);
    if (!now) throw new AppError('NOT_FOUND', { operator: id });
    return now.operator;
  }

  return {
    list: (actor: Actor): Promise<Operator[]> => {
      demandAtAll(actor, 'operator.list');
      return rows.list(filterFor(actor, 'operator.read'));
    },
    read: (actor: Actor, id: string): Promise<Operator> => find(actor, 'operator.read', id),

    /**
     * Kept once the first password is on its way to the operator's phone: it is shown to nobody. Throws what `checkMobile` and
     * `firstPassword` throw, MOBILE_TAKEN, BAD_REQUEST for a system that there is not; then nothing is kept.
     */
    async add(actor: Actor, { programme: id, name, mobile, systems }: NewOperator): Promise<Operator> {
      demandAtAll(actor, 'operator.add');
      const { organisation } = actor;
      if (!organisation) throw new AppError('FORBIDDEN');
      const { programme, known } = operatorsOf(id);
      const strange = systems.find((one) => !known.systems.some(({ programme: system }) => system === one));
      if (strange !== undefined) throw new AppError('BAD_REQUEST', { system: strange });
      await checkMobile(actor, { name, mobile });
      return aloneWith(mobile, async () => {
        if (!(await rows.isFree(mobile))) throw new AppError('MOBILE_TAKEN');
        const secret = await firstPassword.send(programme.name, { name, mobile });
        const account = makeId();
        const permissions = [...new Set(systems)].map(systemPermission);
        const isAdded = await rows.add(
          { id: account, name, mobile, organisation, permissions, ...secret },
          acting(actor),
        );
        if (!isAdded) throw new AppError('MOBILE_TAKEN');
        log.info({ account, by: actor.account }, 'operator added');
        return find(actor, 'operator.read', account);
      });
    },

    /** For whoever lost it, or let it run out. Throws what `firstPassword` throws, ACCOUNT_DISABLED; then the present one stays. */
    async renewPassword(actor: Actor, id: string, programme: string): Promise<Operator> {
      const operator = await find(actor, 'operator.renew-password', id);
      if (operator.state === 'unusable') throw new AppError('ACCOUNT_DISABLED');
      const secret = await firstPassword.send(operatorsOf(programme).programme.name, operator);
      await rows.renewPassword(id, secret, acting(actor));
      log.info({ account: id, by: actor.account }, 'another first password for an operator');
      return find(actor, 'operator.read', id);
    },

    /** Only the number and the state; another number is checked as the first one was. */
    async change(actor: Actor, id: string, next: OperatorChange): Promise<Operator> {
      const { name, mobile } = await find(actor, 'operator.change', id);
      if (next.mobile !== undefined && next.mobile !== mobile)
        await checkMobile(actor, { name, mobile: next.mobile });
      return change(actor, id, next);
    },

    /** 删除: the account cannot be used any more, every session of it ends, the record stays. Twice is fine. */
    async remove(actor: Actor, id: string): Promise<Operator> {
      await find(actor, 'operator.disable', id);
      return change(actor, id, { state: 'unusable' });
    },
  };
}
export type Operators = ReturnType<typeof createOperators>;
