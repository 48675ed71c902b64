/**
 * The chip's text block: 256 bytes UTF-16LE, padded with spaces. The letter at byte 248 names the layout: none for a
 * resident's card (GA/T 490), J for the residence permit of Hong Kong, Macao and Taiwan residents, I and Y for the
 * foreigner's permanent residence card of 2017 and of 2023.
 */
import { AppError } from '#domain/errors/app-error.ts';
import type { CardKind, IdCard } from '../../ports/card-reader.ts';
import { nationOf, sexOf } from './codes.ts';

export type CardText = Omit<IdCard, 'photoWlt' | 'samId' | 'newestAddress'>;

/** The letter is the last thing needed; some readers cut the reserved tail. */
const shortestText = 250;

type Field = (offset: number, length: number) => string;

/** Throws CARD_READ_FAILED when the block is too short, of an unknown kind, or names nobody. */
export function parseCardText(block: Uint8Array): CardText {
  if (block.length < shortestText) throw new AppError('CARD_READ_FAILED', { reason: 'text-too-short' });
  const field: Field = (offset, length) => decodeText(block.subarray(offset, offset + length));
  const text = layouts[kindOf(field(248, 2))](field);
  if (text.name === '' || text.number === '')
    throw new AppError('CARD_READ_FAILED', { reason: 'text-empty' });
  return text;
}

/** UTF-16LE without padding; a lone surrogate becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  const even = bytes.subarray(0, bytes.length & ~1);
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(even).replaceAll('\0', ' ').trim();
}

function kindOf(letter: string): CardKind {
  switch (letter) {
    case '':
      return 'resident';
    case 'J':
      return 'hmt-residence';
    case 'I':
      return 'foreigner-2017';
    case 'Y':
      return 'foreigner-2023';
    default:
      throw new AppError('CARD_READ_FAILED', { reason: 'kind-unknown' });
  }
}

const layouts = {
  resident: (field) => ({
    kind: 'resident',
    name: field(0, 30),
    sex: sexOf(field(30, 2)),
    ...present('nation', nationOf(field(32, 4))),
    bornOn: dateOf(field(36, 16)),
    ...present('address', field(52, 70)),
    number: field(122, 36),
    ...present('issuer', field(158, 30)),
    validFrom: dateOf(field(188, 16)),
    validTo: dateOf(field(204, 16)),
  }),
  'hmt-residence': (field) => ({
    kind: 'hmt-residence',
    name: field(0, 30),
    sex: sexOf(field(30, 2)),
    bornOn: dateOf(field(36, 16)),
    ...present('address', field(52, 70)),
    number: field(122, 36),
    ...present('issuer', field(158, 30)),
    validFrom: dateOf(field(188, 16)),
    validTo: dateOf(field(204, 16)),
    ...present('passNumber', field(220, 18)),
  }),
  'foreigner-2017': (field) => {
    const englishName = field(0, 120);
    return {
      kind: 'foreigner-2017',
      // The Chinese name is optional on this card.
      name: field(158, 30) || englishName,
      ...present('englishName', englishName),
      sex: sexOf(field(120, 2)),
      ...present('nationality', field(152, 6)),
      bornOn: dateOf(field(220, 16)),
      number: field(122, 30),
      validFrom: dateOf(field(188, 16)),
      validTo: dateOf(field(204, 16)),
    };
  },
  'foreigner-2023': (field) => {
    const englishName = field(52, 70).padEnd(35, ' ') + field(220, 22);
    return {
      kind: 'foreigner-2023',
      name: field(0, 30) || englishName.trim(),
      ...present('englishName', englishName.trim()),
      sex: sexOf(field(30, 2)),
      ...present('nationality', field(242, 6)),
      bornOn: dateOf(field(36, 16)),
      number: field(122, 36),
      validFrom: dateOf(field(188, 16)),
      validTo: dateOf(field(204, 16)),
    };
  },
} satisfies Record<CardKind, (field: Field) => CardText>;

/** `YYYYMMDD` as `YYYY-MM-DD`; anything else (长期, a damaged date) stays as it is. */
function dateOf(text: string): string {
  return /^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text;
}

function present<Key extends string>(key: Key, value: string): { [K in Key]?: string } {
  return value === '' ? {} : ({ [key]: value } as { [K in Key]?: string });
}
