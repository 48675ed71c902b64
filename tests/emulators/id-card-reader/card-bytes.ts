/**
 * Writes a card's blocks as the security module hands them out. Made from the published tables on its own, so that a
 * mistake in the driver's parser is not repeated here.
 */
import type { CardFile } from './card-file.ts';

const textLength = 256;
const photoLength = 1024;
const addressLength = 70;

/** [offset, length in bytes, value] */
type Cell = readonly [number, number, string];

export function textBlock(card: CardFile): Buffer {
  const block = blank(textLength);
  for (const cell of cellsOf(card)) write(block, cell);
  return block;
}

/** Undefined where the card has no additional address. */
export function addressBlock(card: CardFile): Buffer | undefined {
  const address = card.kind === 'resident' || card.kind === 'J' ? card.newestAddress : undefined;
  if (address === undefined) return undefined;
  const block = blank(addressLength);
  write(block, [0, addressLength, address]);
  return block;
}

/** Not a picture, since the photo's format is closed: bytes that differ from card to card. */
export function photoBlock(card: CardFile): Buffer {
  const photo = Buffer.alloc(photoLength);
  let state = [...card.number].reduce((sum, digit) => (sum * 31 + digit.charCodeAt(0)) >>> 0, 7);
  for (let at = 0; at < photoLength; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    photo[at] = state >>> 24;
  }
  return photo;
}

function cellsOf(card: CardFile): Cell[] {
  const validity: Cell[] = [
    [188, 16, card.validFrom],
    [204, 16, card.validTo],
  ];
  switch (card.kind) {
    case 'resident':
      return [
        [0, 30, card.name],
        [30, 2, card.sexCode],
        [32, 4, card.nationCode],
        [36, 16, card.bornOn],
        [52, 70, card.address],
        [122, 36, card.number],
        [158, 30, card.issuer],
        ...validity,
      ];
    case 'J':
      return [
        [0, 30, card.name],
        [30, 2, card.sexCode],
        [36, 16, card.bornOn],
        [52, 70, card.address],
        [122, 36, card.number],
        [158, 30, card.issuer],
        ...validity,
        [220, 18, card.passNumber],
        [238, 4, card.issueCount],
        [248, 2, 'J'],
      ];
    case 'I':
      return [
        [0, 120, card.englishName],
        [120, 2, card.sexCode],
        [122, 30, card.number],
        [152, 6, card.nationality],
        [158, 30, card.name],
        ...validity,
        [220, 16, card.bornOn],
        [236, 4, card.version],
        [240, 8, card.officeCode],
        [248, 2, 'I'],
      ];
    case 'Y':
      return [
        [0, 30, card.name],
        [30, 2, card.sexCode],
        [32, 4, card.renewalCount],
        [36, 16, card.bornOn],
        [52, 70, card.englishName.slice(0, 35)],
        [122, 36, card.number],
        ...validity,
        [220, 22, card.englishName.slice(35)],
        [242, 6, card.nationality],
        [248, 2, 'Y'],
        [250, 6, card.olderNumberLink],
      ];
  }
}

function blank(length: number): Buffer {
  return Buffer.from(' '.repeat(length / 2), 'utf16le');
}

function write(block: Buffer, [offset, length, value]: Cell): void {
  const bytes = Buffer.from(value, 'utf16le');
  if (bytes.length > length)
    throw new RangeError(`${bytes.length} bytes do not fit into ${length} at ${offset}`);
  bytes.copy(block, offset);
}
