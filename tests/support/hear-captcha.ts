/** Hears what a 验证码 says as a person does: each letter is the one whose clip it sounds most like. */
import { readVoice } from '../../sync-server/read-voice.ts';
import { sampleRate, samplesOf } from '../../sync-server/services/accounts/captcha-sound.ts';

const silent = 128;
/** Louder than what hisses in a pause. */
const audible = 10;
/** Longer than any letter is silent within itself. */
const pause = 0.25 * sampleRate;
/**
 * How much earlier or later than in its clip a letter may be heard to begin: a soft F or TH is lost in the hiss where it is spoken
 * softly, and heard with the hiss where it is spoken loudly.
 */
const maxShift = 0.2 * sampleRate;

export function hearCaptcha(wav: Uint8Array): string {
  const voice = [...readVoice()].map(([letter, clip]) => {
    const waves = wavesOf(clip);
    return { letter, waves, begins: waves.findIndex(isAudible) };
  });
  const heard = wavesOf(samplesOf(wav));
  return beginnings(heard)
    .map((begins) => {
      const [best] = voice
        .map(({ letter, waves, begins: own }) => ({
          letter,
          likeness: likenessOf(waves, heard, begins - own),
        }))
        .toSorted((one, other) => other.likeness - one.likeness);
      if (!best || best.likeness < 0.5) throw new Error('no letter sounds like this');
      return best.letter;
    })
    .join('');
}

/** Samples around 0. */
const wavesOf = (samples: Uint8Array): Float64Array =>
  Float64Array.from(samples, (sample) => sample - silent);

const isAudible = (wave: number): boolean => Math.abs(wave) > audible;

/** Where each letter is heard first. */
function beginnings(waves: Float64Array): number[] {
  const found: number[] = [];
  let last = -Infinity;
  for (const [at, wave] of waves.entries()) {
    if (!isAudible(wave)) continue;
    if (at - last > pause) found.push(at);
    last = at;
  }
  return found;
}

/** 1 for the same sound, whatever its loudness, where it fits best around `start`. */
function likenessOf(clip: Float64Array, heard: Float64Array, start: number): number {
  let best = { at: start, product: -Infinity };
  // a few samples of the letter find the place, all of them tell how alike it is
  for (let at = start - maxShift; at <= start + maxShift; at++) {
    const product = productOf(clip, heard, at, 7);
    if (product > best.product) best = { at, product };
  }
  const there = heard.subarray(Math.max(0, best.at), best.at + clip.length);
  const loudness = productOf(clip, clip, 0) * productOf(there, there, 0);
  return productOf(clip, heard, best.at) / Math.sqrt(loudness || 1);
}

/** Sum of products of every so many samples of the one with those of the other, which begins at `at`. */
function productOf(one: Float64Array, other: Float64Array, at: number, step = 1): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += step) sum += (one[index] ?? 0) * (other[at + index] ?? 0);
  return sum;
}
