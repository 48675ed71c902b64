/** Port: who may use the desk. */
import type { AccountView } from '#domain/contracts/console-server.ts';

export interface AccountRows {
  /** An account that is there already stays as it is. */
  add(account: AccountView & { passwordHash: string }, at: string): Promise<void>;
  count(): Promise<number>;
  /** Not one that was disabled. */
  find(id: string): Promise<(AccountView & { passwordHash: string }) | undefined>;
  openSession(session: { tokenSha: string; accountId: string; at: string; expiresAt: string }): Promise<void>;
  findSession(tokenSha: string, at: string): Promise<AccountView | undefined>;
  closeSession(tokenSha: string): Promise<void>;
}
