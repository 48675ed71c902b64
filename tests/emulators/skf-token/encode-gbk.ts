/** Node decodes GBK but does not encode it: the table is the decoder's, turned round. */
const decoder = new TextDecoder('gbk');

export function encodeGbk(text: string): Buffer {
  const bytesOf = new Map<string, Buffer>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const bytes = Buffer.of(lead, trail);
      const character = decoder.decode(bytes);
      if (character.length === 1 && !bytesOf.has(character)) bytesOf.set(character, bytes);
    }
  }
  return Buffer.concat(
    [...text].map((character) => {
      const bytes = character < '\x80' ? Buffer.from(character, 'latin1') : bytesOf.get(character);
      if (!bytes) throw new Error(`no GBK for ${character}`);
      return bytes;
    }),
  );
}
