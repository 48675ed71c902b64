/** Sign-ins that were refused, by whatever way, where they name an account that is there. */
import type { LoginWayId } from '#domain/accounts/login-way-ids.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { LogRows } from '../../ports/log-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';

export interface RefusedSignIn {
  account: string;
  way: LoginWayId;
  code: ErrorCode;
  address: string;
  /** What the browser calls itself. */
  device: string;
}

/**
 * Writes beside the answer, never before it: an answer that took longer for an account that is there would tell strangers which
 * ones are. Attempts are limited, and with them what waits here.
 */
export function createSignInLog({
  rows,
  onNoted,
  clock,
  log,
}: {
  rows: Pick<LogRows, 'append'>;
  /** For pages that show it. */
  onNoted: (account: string) => void;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'error'>;
}) {
  const writing = new Set<Promise<void>>();
  return {
    refused({ account, way, code, address, device }: RefusedSignIn): void {
      const line = {
        at: clock.now(),
        kind: 'login',
        actor: account,
        action: 'sign-in',
        refId: account,
      } as const;
      const written = rows
        .append({ ...line, result: code, detail: way, place: address, device })
        .then(() => onNoted(account))
        .catch((error: unknown) => log.error({ error, account }, 'refused sign-in not noted'));
      writing.add(written);
      void written.finally(() => writing.delete(written));
    },
    /** When all that was refused is written. */
    settled: async (): Promise<void> => void (await Promise.all(writing)),
  };
}
export type SignInLog = ReturnType<typeof createSignInLog>;
