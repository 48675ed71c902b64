/**
 * The key that sealed last, with its PIN, for the seal of the whole record at 提交 a little later: in memory, for a limited time,
 * forgotten when the person leaves, the key is pulled out, or anything is wrong with PIN or token.
 */
import { createPinHold } from './pin-hold.ts';
import type { PinHold } from './pin-hold.ts';

export interface SealingKey {
  tokenId: string;
  certificateId: string;
  pin: string;
}

export interface KeyHold {
  keep(key: SealingKey): void;
  /** Undefined where none is held, or its time is over. */
  find(): SealingKey | undefined;
  forget(): void;
}

/** As for several papers under one PIN. */
const defaultLimitMs = 180_000;

export function createKeyHold(limitMs = defaultLimitMs): KeyHold {
  let held: { key: Omit<SealingKey, 'pin'>; pin: PinHold } | undefined;
  function forget(): void {
    held?.pin.forget();
    held = undefined;
  }
  return {
    keep({ pin, tokenId, certificateId }) {
      forget();
      held = { key: { tokenId, certificateId }, pin: createPinHold(pin, limitMs) };
    },
    find() {
      try {
        return held && { ...held.key, pin: held.pin.take() };
      } catch {
        // its time is over
        forget();
        return undefined;
      }
    },
    forget,
  };
}

/** A PIN that was once refused, or whose key is in trouble, must not be tried again by itself. */
export const isKeyError = (code: string): boolean => /^(?:PIN|TOKEN|DEVICE)_/.test(code);
