/** 查验码 of credentials: whoever knows one may see its credential; the unique code alone, which counts up, shows nothing. */
import { timingSafeEqual } from 'node:crypto';
import {
  makeVerificationCode,
  normaliseVerificationCode,
  verificationCodeBytes,
} from '#domain/record/verification-code.ts';
import type { ServerKey } from '../../ports/surroundings.ts';

export interface VerificationCodes {
  of: (uniqueCode: string) => string;
  /** However it is typed; takes the same time for every wrong one. */
  isRight: (uniqueCode: string, typed: string) => boolean;
}

/** Derived under the server's key and kept nowhere: every process, a restored backup and an earlier credential have the same. */
export function createVerificationCodes({
  serverKey,
}: {
  serverKey: Pick<ServerKey, 'mac'>;
}): VerificationCodes {
  const of = (uniqueCode: string): string =>
    makeVerificationCode(
      serverKey.mac('ludeng/verification-code/1', uniqueCode).subarray(0, verificationCodeBytes),
    );
  return {
    of,
    isRight(uniqueCode, typed) {
      const [expected, actual] = [Buffer.from(of(uniqueCode)), Buffer.from(normaliseVerificationCode(typed))];
      return actual.length === expected.length && timingSafeEqual(actual, expected);
    },
  };
}
