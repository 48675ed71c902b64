/** Looks at the whole log, keeps what was found, and raises an alarm where somebody has been at it. */
import { createPublicKey, verify } from 'node:crypto';
import { logHeadText } from '#domain/accounts/log-lines.ts';
import type { LogHead } from '#domain/accounts/log-lines.ts';
import type { LogCheck } from '#domain/contracts/desk/logs.ts';
import type { LogRows } from '../../ports/log-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import { tellFinding, verifyLog } from './verify-log.ts';

/** As many as a page shows; the first say where it began. */
const maxTold = 100;

export interface CheckLogOptions {
  rows: Pick<LogRows, 'head' | 'chain' | 'signed' | 'keepCheck'>;
  /** PEM. */
  publicKey: string;
  clock: Pick<Clock, 'now'>;
}

/** `outside`: heads that were kept elsewhere. */
export async function checkLog(
  { rows, publicKey, clock }: CheckLogOptions,
  outside: readonly LogHead[],
): Promise<LogCheck> {
  const key = createPublicKey(publicKey);
  const isSigned = (head: LogHead): boolean =>
    verify(null, Buffer.from(logHeadText(head), 'utf8'), key, Buffer.from(head.signature, 'base64'));
  const { lines, signedTo, findings } = await verifyLog({ rows, outside, isSigned });
  const check = { at: clock.now(), lines, signedTo, findings: findings.slice(0, maxTold).map(tellFinding) };
  await rows.keepCheck(check);
  return check;
}
