/** The module's own logic: a request in, a reply out. Knows no line and no time. */
import { addressBlock, photoBlock, textBlock } from './card-bytes.ts';
import type { CardFile } from './card-file.ts';

export type RequestName = 'reset' | 'status' | 'sam-id' | 'find' | 'select' | 'read' | 'address' | 'unknown';

/** Faults of the module itself, as against faults of the line. */
export type ModuleFault = 'not-authorised' | 'select-fails' | 'read-fails';

export interface SecurityModule {
  place(card: CardFile): void;
  remove(): void;
  hasCard(): boolean;
  setFault(fault: ModuleFault | undefined): void;
  /** `request`: a whole frame. */
  answer(request: Buffer): { name: RequestName; reply: Buffer };
}

export interface ModuleOptions {
  /** As on the label: `05.03-20161231-0001234567-0123456789`. */
  samId?: string;
  /** False for modules that find a card only once a placing. */
  findsAgain?: boolean;
}

const preamble = Buffer.from('aaaaaa9669', 'hex');
export const defaultSamId = '05.03-20161231-0001234567-0123456789';

export function createSecurityModule({
  samId = defaultSamId,
  findsAgain = true,
}: ModuleOptions): SecurityModule {
  let card: CardFile | undefined;
  let isFound = false;
  let isSelected = false;
  let isSpent = false;
  let fault: ModuleFault | undefined;

  function reply(name: RequestName): Buffer {
    switch (name) {
      case 'reset':
        isFound = isSelected = false;
        return frame('000090');
      case 'status':
        return frame(fault === 'not-authorised' ? '000066' : '000090');
      case 'sam-id':
        return frame('000090', samIdBytes(samId));
      case 'find':
        isSelected = false;
        isFound = card !== undefined && !isSpent;
        return isFound ? frame('00009f', Buffer.alloc(4)) : frame('000080');
      case 'select':
        isSelected = isFound && fault !== 'select-fails';
        isFound = false;
        return isSelected ? frame('000090', Buffer.alloc(8)) : frame('000081');
      case 'read':
        return readReply();
      case 'address': {
        const address = card && isSelected ? addressBlock(card) : undefined;
        return address ? frame('000090', address) : frame('000091');
      }
      case 'unknown':
        return frame('000021');
    }
  }

  function readReply(): Buffer {
    if (!card || !isSelected || fault === 'read-fails') return frame('000041');
    isSpent = !findsAgain;
    const [text, photo] = [textBlock(card), photoBlock(card)];
    const lengths = Buffer.alloc(4);
    lengths.writeUInt16BE(text.length, 0);
    lengths.writeUInt16BE(photo.length, 2);
    return frame('000090', Buffer.concat([lengths, text, photo]));
  }

  return {
    place(next) {
      card = next;
      isFound = isSelected = isSpent = false;
    },
    remove() {
      card = undefined;
      isFound = isSelected = isSpent = false;
    },
    hasCard: () => card !== undefined,
    setFault(next) {
      fault = next;
    },
    answer(request) {
      if (exclusiveOr(request.subarray(5)) !== 0) return { name: 'unknown', reply: frame('000010') };
      const name = nameOf(request);
      return { name, reply: reply(name) };
    },
  };
}

export interface RequestSplitter {
  /** Whole request frames out of the bytes so far. */
  push(bytes: Buffer): Buffer[];
}

/** Requests are short and come from one careful writer, so whatever does not fit is dropped up to the next preamble. */
export function createRequestSplitter(): RequestSplitter {
  let pending = Buffer.alloc(0);
  return {
    push(bytes) {
      pending = Buffer.concat([pending, bytes]);
      const requests: Buffer[] = [];
      for (;;) {
        const start = pending.indexOf(preamble);
        if (start < 0) {
          pending = pending.subarray(Math.max(0, pending.length - preamble.length));
          return requests;
        }
        pending = pending.subarray(start);
        if (pending.length < 7) return requests;
        const end = 7 + pending.readUInt16BE(5);
        if (end > 300) pending = pending.subarray(1);
        else if (pending.length < end) return requests;
        else {
          requests.push(Buffer.from(pending.subarray(0, end)));
          pending = pending.subarray(end);
        }
      }
    },
  };
}

function nameOf(request: Buffer): RequestName {
  switch (request.subarray(7, 9).toString('hex')) {
    case '10ff':
      return 'reset';
    case '11ff':
      return 'status';
    case '12ff':
      return 'sam-id';
    case '2001':
      return 'find';
    case '2002':
      return 'select';
    case '3001':
      return 'read';
    case '3003':
      return 'address';
    default:
      return 'unknown';
  }
}

function frame(status: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const counted = Buffer.concat([Buffer.alloc(2), Buffer.from(status, 'hex'), data]);
  counted.writeUInt16BE(counted.length - 2 + 1, 0);
  return Buffer.concat([preamble, counted, Buffer.from([exclusiveOr(counted)])]);
}

function exclusiveOr(bytes: Buffer): number {
  return bytes.reduce((value, byte) => value ^ byte, 0);
}

function samIdBytes(samId: string): Buffer {
  const [maker = '', ...numbers] = samId.split('-');
  const bytes = Buffer.alloc(16);
  const [first = '0', second = '0'] = maker.split('.');
  bytes[0] = Number(first);
  bytes[2] = Number(second);
  numbers.forEach((number, index) => bytes.writeUInt32LE(Number(number), 4 + index * 4));
  return bytes;
}
