/** What somebody typed, pasted or scanned as the number of a credential. Pure. */
import { isIdentifier, normaliseIdentifier } from '#domain/credentials/identifier.ts';

export type TypedNumber =
  | { kind: 'identifier'; identifier: string }
  /** The address of a QR that leads elsewhere: nothing of it is opened. */
  | { kind: 'foreign'; host: string }
  | { kind: 'wrong' };

const path = '/credentials/';

/** `origin`: of this page. */
export function readNumber(typed: string, origin: string): TypedNumber {
  const text = typed.trim();
  const url = /^https?:/i.test(text) ? URL.parse(text) : null;
  if (url && url.origin !== origin) return { kind: 'foreign', host: url.host };
  if (url && !url.pathname.startsWith(path)) return { kind: 'wrong' };
  const identifier = normaliseIdentifier(url ? safelyDecoded(url.pathname.slice(path.length)) : text);
  return isIdentifier(identifier) ? { kind: 'identifier', identifier } : { kind: 'wrong' };
}

function safelyDecoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // a broken escape is no number
    return '';
  }
}
