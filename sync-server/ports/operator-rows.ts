/** Port: the operators of organisations, and the organisations' own accounts. */
import type { Things } from '#domain/accounts/things.ts';
import type { Filter } from '#domain/accounts/conditions.ts';
import type { Identity } from '#domain/accounts/identity.ts';
import type { Operator, OperatorState } from '#domain/accounts/operators.ts';
import type { Acting } from './account-rows.ts';

export interface IssuedSecret {
  passwordHash: string;
  passwordUntil: string;
}

export interface OperatorRows {
  /** Of those that whoever asks may see, by name. */
  list(visible: Filter<Things['account']>): Promise<Operator[]>;
  /** `facts`: for asking who may. */
  find(id: string): Promise<{ operator: Operator; facts: Record<Things['account'], string> } | undefined>;
  /** No account has the number, nor has it for its name. */
  isFree(mobile: string): Promise<boolean>;
  /** False where the number, or the id, is another account's. `permissions`: what the account is ticked for. */
  add(
    operator: {
      id: string;
      name: string;
      mobile: string;
      organisation: Identity;
      permissions: readonly string[];
    } & IssuedSecret,
    acting: Acting,
  ): Promise<boolean>;
  /** Another first password in place of the present one; every session ends. */
  renewPassword(id: string, secret: IssuedSecret, acting: Acting): Promise<void>;
  /**
   * One transaction; unusable ends every session. `mobile-taken`: nothing is done. `actions` are noted each in the operation
   * log.
   */
  change(
    id: string,
    change: { mobile?: string | undefined; state?: OperatorState | undefined },
    acting: Acting,
  ): Promise<'changed' | 'mobile-taken'>;
  /** An organisation and its own account. False where the id is taken, or the organisation has such an account. */
  addMain(
    main: { id: string; name: string; creditCode: string } & IssuedSecret,
    acting: Acting,
  ): Promise<boolean>;
}
