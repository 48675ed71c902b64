import { createPublicKey, verify } from 'node:crypto';
import { logHeadSchema, logHeadText } from '#domain/accounts/log-lines.ts';
import type { LogHead } from '#domain/accounts/log-lines.ts';

/** The head that the server sent, where its own key signed it; undefined else. */
export function readLogHead(message: unknown, serverPublicKey: string): LogHead | undefined {
  const { data: head } = logHeadSchema.safeParse(message);
  if (!head) return undefined;
  const text = Buffer.from(logHeadText(head), 'utf8');
  const isSigned = verify(
    null,
    text,
    createPublicKey(serverPublicKey),
    Buffer.from(head.signature, 'base64'),
  );
  return isSigned ? head : undefined;
}
