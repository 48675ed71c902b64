/** Hears what a 验证码 says as a person does: each letter is the one whose clip it sounds most like. */
import { readVoice } from '../../sync-server/read-voice.ts';
import { sampleRate, samplesOf } from '../../sync-server/services/accounts/captcha-sound.ts';

const silent = 128;
/** Louder than what hisses in a pause. */
const audible = 10;
/** Longer than any letter is silent within itself. */
const pause = 0.25 * sampleRate;
/** How far apart the same letter may be heard to begin, louder and softer. */
const maxShift = 0.03 * sampleRate;

export function hearCaptcha(wav: Uint8Array): string {
  const voice = [...readVoice()].map(([letter, clip]) => ({
    letter,
    clip,
    begins: clip.findIndex(isAudible),
  }));
  const samples = samplesOf(wav);
  return beginnings(samples)
    .map((begins) => {
      const [best] = voice
        .map((one) => ({ letter: one.letter, likeness: likenessOf(one, samples, begins) }))
        .toSorted((one, other) => other.likeness - one.likeness);
      if (!best || best.likeness < 0.5) throw new Error('no letter sounds like this');
      return best.letter;
    })
    .join('');
}

const isAudible = (sample: number): boolean => Math.abs(sample - silent) > audible;

/** Where each letter is heard first. */
function beginnings(samples: Uint8Array): number[] {
  const found: number[] = [];
  let last = -Infinity;
  for (const [at, sample] of samples.entries()) {
    if (!isAudible(sample)) continue;
    if (at - last > pause) found.push(at);
    last = at;
  }
  return found;
}

/** 1 for the same sound, whatever its loudness, where it fits best. */
function likenessOf(
  { clip, begins }: { clip: Uint8Array; begins: number },
  samples: Uint8Array,
  at: number,
): number {
  let best = 0;
  for (let shift = -maxShift; shift <= maxShift; shift += 1) {
    const start = at - begins + shift;
    let [both, one, other] = [0, 0, 0];
    // its first quarter of a second, and of that every second sample, tells letters apart
    for (let index = begins; index < begins + 0.25 * sampleRate; index += 2) {
      const [a, b] = [(clip[index] ?? silent) - silent, (samples[start + index] ?? silent) - silent];
      both += a * b;
      one += a * a;
      other += b * b;
    }
    best = Math.max(best, both / Math.sqrt(one * other || 1));
  }
  return best;
}
