/** What a token for one-time codes shows: RFC 6238, six digits, another one every thirty seconds. */
import { createHmac } from 'node:crypto';

const stepMs = 30_000;
/** A person reads and types meanwhile. */
const stepsBack = 1;

const stepAt = (nowMs: number): number => Math.floor(nowMs / stepMs);

function codeOfStep(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', Buffer.from(secret, 'hex')).update(counter).digest();
  // RFC 4226 5.3: the last nibble says where the four bytes stand
  const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 0xf) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Undefined where the account has no token. */
export const oneTimeCode = (secret: string, nowMs: number): string | undefined =>
  secret === '' ? undefined : codeOfStep(secret, stepAt(nowMs));

/** The number of the code where it is one of now and was not used; undefined else. */
export function usableStep(
  code: string,
  { secret, usedStep, nowMs }: { secret: string; usedStep: number; nowMs: number },
): number | undefined {
  if (secret === '') return undefined;
  const now = stepAt(nowMs);
  for (let step = now; step >= now - stepsBack; step -= 1)
    if (step > usedStep && codeOfStep(secret, step) === code) return step;
  return undefined;
}
