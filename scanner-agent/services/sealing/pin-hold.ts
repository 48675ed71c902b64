/**
 * Keeps a PIN for one run of several seals, in memory and for a limited time. It is forgotten at the limit, when the run
 * ends, and at the first sign of trouble with PIN or token: a PIN that was once refused must never be tried again.
 */
import { AppError } from '#domain/errors/app-error.ts';

export interface PinHold {
  /** Throws PIN_FORGOTTEN. */
  take(): string;
  forget(): void;
}

export function createPinHold(pin: string, limitMs: number): PinHold {
  let held: string | undefined = pin;
  const timer = setTimeout(() => (held = undefined), limitMs);
  timer.unref();
  return {
    take() {
      if (held === undefined) throw new AppError('PIN_FORGOTTEN');
      return held;
    },
    forget() {
      clearTimeout(timer);
      held = undefined;
    },
  };
}
