/** What can be asked of the security module: the request's bytes, how long to wait, and which replies answer it. */
import { AppError } from '#domain/errors/app-error.ts';
import { decodeText } from './card-text.ts';
import { encodeFrame } from './frame.ts';
import type { Reply } from './frame.ts';
import { isGeneralFailure, sw } from './status.ts';

export interface Command {
  name: 'reset' | 'status' | 'sam-id' | 'find' | 'select' | 'read' | 'read-fingerprint' | 'address';
  request: Uint8Array;
  timeoutMs: number;
  /**
   * True when the reply can belong to this command. Replies carry no number, so this is what keeps a late or doubled
   * reply of an earlier command from being taken for the present one. The module answers strictly in order.
   */
  accepts: (reply: Reply) => boolean;
}

export interface CardBlocks {
  text: Uint8Array;
  photo: Uint8Array;
}

const cardFailures = [0x31, 0x32, 0x33, 0x40, 0x41, 0x47];

// Limits: the module itself needs about 0.1 s to find, 0.3 s for its id, 1.5 s for the address and 2 s to read; the
// rest is the line's time at 9600 baud.
export const commands = {
  reset: command('reset', [0x10, 0xff], 2000, (reply) => reply.sw3 === sw.ok && reply.data.length === 0),
  status: command('status', [0x11, 0xff], 600, (reply) => reply.sw3 === sw.ok && reply.data.length === 0),
  samId: command('sam-id', [0x12, 0xff], 1000, (reply) => reply.sw3 === sw.ok && reply.data.length === 16),
  // The found card's number is left unread: some readers send zeros, some a serial number.
  find: command('find', [0x20, 0x01], 1000, ({ sw3 }) => sw3 === sw.cardFound || sw3 === sw.noCard),
  select: command('select', [0x20, 0x02], 1000, ({ sw3, data }) =>
    sw3 === sw.ok
      ? data.length > 0 && data.length <= 12
      : sw3 === sw.notSelected || cardFailures.includes(sw3),
  ),
  read: command('read', [0x30, 0x01], 4000, (reply) => isCardReply(reply)),
  readFingerprint: command('read-fingerprint', [0x30, 0x10], 6000, (reply) => isCardReply(reply)),
  address: command('address', [0x30, 0x03], 2500, ({ sw3, data }) =>
    sw3 === sw.ok
      ? data.length >= 70 && data.length < 256
      : sw3 === sw.noContent || cardFailures.includes(sw3),
  ),
} as const satisfies Record<string, Command>;

/** Module id as printed on its label, e.g. `05.03-20161231-0001234567-0123456789`. `data`: 16 bytes. */
export function parseSamId(data: Uint8Array): string {
  if (data.length < 16) throw new AppError('DEVICE_FAULT', { reason: 'sam-id-too-short' });
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const digits = (value: number, width: number) => String(value).padStart(width, '0');
  const maker = `${digits(view.getUint8(0), 2)}.${digits(view.getUint8(2), 2)}`;
  const [date, serial, check] = [4, 8, 12].map((offset) => view.getUint32(offset, true));
  return `${maker}-${date}-${digits(serial ?? 0, 10)}-${digits(check ?? 0, 10)}`;
}

/** Text and photo out of the reply to `read` or `read-fingerprint`. Throws CARD_READ_FAILED. */
export function parseCardBlocks(data: Uint8Array, asked: 'read' | 'read-fingerprint'): CardBlocks {
  const headLength = asked === 'read' ? 4 : 6;
  if (data.length < headLength) throw new AppError('CARD_READ_FAILED', { reason: 'reply-too-short' });
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const textLength = view.getUint16(0);
  const photoLength = view.getUint16(2);
  const photoAt = headLength + textLength;
  if (data.length < photoAt + photoLength)
    throw new AppError('CARD_READ_FAILED', { reason: 'reply-too-short' });
  return { text: data.slice(headLength, photoAt), photo: data.slice(photoAt, photoAt + photoLength) };
}

/** The newest additional address (70 bytes), or undefined where it is blank. */
export function parseAddress(data: Uint8Array): string | undefined {
  return decodeText(data.subarray(0, 70)) || undefined;
}

function command<Name extends Command['name']>(
  name: Name,
  body: readonly number[],
  timeoutMs: number,
  answers: (reply: Reply) => boolean,
) {
  const accepts = (reply: Reply) => isGeneralFailure(reply.sw3) || answers(reply);
  return { name, request: encodeFrame(Uint8Array.from(body)), timeoutMs, accepts };
}

function isCardReply({ sw3, data }: Reply): boolean {
  return sw3 === sw.ok ? data.length >= 256 : cardFailures.includes(sw3);
}
