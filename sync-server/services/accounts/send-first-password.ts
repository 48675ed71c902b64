import { AppError } from '#domain/errors/app-error.ts';
import type { IssuedSecret } from '../../ports/operator-rows.ts';
import type { SmsSender } from '../../ports/outside/sms.ts';
import type { Clock, ServerKey } from '../../ports/surroundings.ts';
import { firstPasswordText } from '../texts.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { issuedPasswordDays, issuedUntil, makePassword } from './issue-password.ts';
import type { PasswordHashing } from './password-hashing.ts';

/** To one number within an hour, before the next one waits. */
const freePasswords = 5;

export interface SendFirstPasswordOptions {
  sms: SmsSender;
  attempts: Pick<AttemptLimit, 'take'>;
  hashing: Pick<PasswordHashing, 'hash'>;
  serverKey: Pick<ServerKey, 'mac'>;
  clock: Pick<Clock, 'now'>;
}

/** A password that the server makes and tells to a phone alone: only its hash comes back. */
export function createSendFirstPassword({
  sms,
  attempts,
  hashing,
  serverKey,
  clock,
}: SendFirstPasswordOptions) {
  /** Stands in the names of limits and rows instead of the number. */
  const targetOf = (mobile: string): string =>
    Buffer.from(serverKey.mac('first-password', mobile)).toString('hex');

  return {
    targetOf,
    /** Throws PASSWORD_NOT_SENT, SERVICE_MISSING, TOO_MANY_ATTEMPTS: then it counts as none. `system`: who writes. */
    async send(system: string, { name, mobile }: { name: string; mobile: string }): Promise<IssuedSecret> {
      const password = makePassword();
      const passwordHash = await hashing.hash(password);
      const attempt = await attempts.take([
        { name: `first-password to ${targetOf(mobile)}`, free: freePasswords },
      ]);
      const text = firstPasswordText(system, { name, password, days: issuedPasswordDays });
      try {
        await sms.send({ mobile, text });
      } catch (error) {
        await attempt.giveBack();
        if (error instanceof AppError && error.code === 'SERVICE_UNREACHABLE')
          throw new AppError('PASSWORD_NOT_SENT', error.details);
        throw error;
      }
      return { passwordHash, passwordUntil: issuedUntil(clock.now()) };
    },
  };
}
export type SendFirstPassword = ReturnType<typeof createSendFirstPassword>;
