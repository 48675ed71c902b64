import type { Operator, NewOperator, OperatorChange } from '#domain/accounts/operators.ts';
import { demand, demandAtAll, filterFor } from '#domain/accounts/permissions.ts';
import type { Action } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Acting } from '../../ports/account-rows.ts';
import type { MobileCheck } from '../../ports/mobile-check.ts';
import type { OperatorRows } from '../../ports/operator-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import type { PasswordHashing } from './password-hashing.ts';
import { issuedUntil, makePassword } from './issue-password.ts';

/** Looks at names and numbers by one organisation within an hour, before the next one waits: the check must not be a register. */
const freeChecks = 30;

export interface OperatorsOptions {
  rows: OperatorRows;
  mobileCheck: MobileCheck;
  attempts: Pick<AttemptLimit, 'take'>;
  hashing: Pick<PasswordHashing, 'hash'>;
  makeId: MakeId;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
}

/** 操作员管理: what an organisation's main account does with its own operators. */
export function createOperators({
  rows,
  mobileCheck,
  attempts,
  hashing,
  makeId,
  clock,
  log,
}: OperatorsOptions) {
  const acting = (actor: Actor): Acting => ({ actor: actor.account, at: clock.now() });

  /** Throws SERVICE_MISSING, SERVICE_UNREACHABLE, TOO_MANY_ATTEMPTS, MOBILE_MISMATCH. Nothing is kept before. */
  async function checkMobile(actor: Actor, person: { name: string; mobile: string }): Promise<void> {
    await attempts.take([{ name: `mobile-check by ${actor.organisation?.value ?? ''}`, free: freeChecks }]);
    if (!(await mobileCheck.matches(person))) throw new AppError('MOBILE_MISMATCH');
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

    /** With the first password, which is shown once. Throws what `checkMobile` throws, MOBILE_TAKEN. */
    async add(
      actor: Actor,
      { name, mobile }: NewOperator,
    ): Promise<{ operator: Operator; password: string }> {
      demandAtAll(actor, 'operator.add');
      const { organisation } = actor;
      if (!organisation) throw new AppError('FORBIDDEN');
      await checkMobile(actor, { name, mobile });
      const password = makePassword();
      const [id, passwordHash] = [makeId(), await hashing.hash(password)];
      const secret = { passwordHash, passwordUntil: issuedUntil(clock.now()) };
      if (!(await rows.add({ id, name, mobile, organisation, ...secret }, acting(actor))))
        throw new AppError('MOBILE_TAKEN');
      log.info({ account: id, by: actor.account }, 'operator added');
      return { operator: await find(actor, 'operator.read', id), password };
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
