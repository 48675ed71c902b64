/** Samples of unsigned bytes, 8,000 a second, one channel; 128 is silence. */
export const sampleRate = 8_000;
const silent = 128;
const headerBytes = 44;

/** Samples of each letter. */
export type Voice = ReadonlyMap<string, Uint8Array>;

/**
 * A WAV file in which the letters are spoken, with pauses, loudness and a hiss that `chance` decides, at least 32 bytes. Throws
 * RangeError for a letter that the voice has not.
 */
export function speakGlyphs(text: string, voice: Voice, chance: Uint8Array): Uint8Array {
  let next = 0;
  const random = (min: number, max: number): number => {
    const byte = chance[next % chance.length] ?? 0;
    next += 1;
    return min + (byte / 255) * (max - min);
  };
  const pause = (): number[] => new Array<number>(Math.round(random(0.3, 0.7) * sampleRate)).fill(silent);
  const samples: number[] = pause();
  for (const letter of text) {
    const clip = voice.get(letter);
    if (!clip) throw new RangeError(`no clip for ${letter}`);
    const loudness = random(0.6, 0.9);
    for (const sample of clip) samples.push(silent + (sample - silent) * loudness);
    samples.push(...pause());
  }
  let noise = 1 + Math.round(random(0, 65_535));
  const hiss = (): number => {
    noise = (noise * 75) % 65_537;
    return (noise / 65_537 - 0.5) * 12;
  };
  return asWav(Uint8Array.from(samples, (sample) => Math.max(0, Math.min(255, Math.round(sample + hiss())))));
}

export function asWav(samples: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(headerBytes + samples.length);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  // PCM, one channel, and as many bytes a second as samples
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length, 40);
  bytes.set(samples, headerBytes);
  return bytes;
}

/** The samples of such a file. Throws RangeError for any other kind. */
export function samplesOf(wav: Uint8Array): Uint8Array {
  const bytes = Buffer.from(wav.buffer, wav.byteOffset, wav.byteLength);
  const isOurs =
    bytes.toString('latin1', 8, 16) === 'WAVEfmt ' &&
    bytes.readUInt32LE(24) === sampleRate &&
    bytes.readUInt16LE(34) === 8 &&
    bytes.toString('latin1', 36, 40) === 'data';
  if (!isOurs) throw new RangeError('no WAV file of 8 kHz and 8 bits');
  return wav.subarray(headerBytes);
}
