import { expect, test } from 'vitest';
import { bestOfFrames, logSoftmaxFrames } from './frames.ts';
import { decodeGreedily } from './greedy.ts';
import { expandFrames, keepFrames } from './kept-frames.ts';

const classes = 40;
const frames = 60;
const blank = 0;
/** Peaks at blanks and characters by turns over a floor that falls off, as logits of a line do. */
const logits = Float32Array.from({ length: frames * classes }, (_, i) => {
  const [t, c] = [Math.floor(i / classes), i % classes];
  const peak = t % 3 === 0 ? blank : 1 + ((t >> 1) % (classes - 1));
  return c === peak ? 9 - (t % 5) : Math.sin(i * 12.9898) * 4 - 2;
});

test.each([0.7, 1, 1.6])(
  'the best classes alone decode as whole frames do, at a temperature of %s',
  (temperature) => {
    const whole = decodeGreedily(logSoftmaxFrames(logits, frames, classes, blank, temperature));
    const best = decodeGreedily(bestOfFrames(logits, frames, classes, blank, temperature));
    expect(best.length).toBeGreaterThan(5);
    expect(best.map(({ logProb: _, ...char }) => char)).toEqual(whole.map(({ logProb: _, ...char }) => char));
    best.forEach(({ logProb }, i) => expect(logProb).toBeCloseTo(whole[i]?.logProb ?? NaN, 4));
  },
);

test.each([0.7, 1, 1.6])(
  'a line that was kept is the whole one again, but for what is out of reach, at a temperature of %s',
  (temperature) => {
    const steep = logits.map((value) => 3 * value);
    const whole = logSoftmaxFrames(steep, frames, classes, blank, temperature);
    const kept = keepFrames(steep, frames, classes, blank, temperature);
    const again = expandFrames(kept);
    expect(decodeGreedily(again).map(({ classId, from }) => [classId, from])).toEqual(
      decodeGreedily(kept).map(({ classId, from }) => [classId, from]),
    );
    whole.data.forEach((value, i) => {
      const top =
        whole.data[Math.floor(i / classes) * classes + (whole.best[Math.floor(i / classes)] ?? 0)] ?? 0;
      const wanted = Math.max(value, top - 16);
      expect(Math.abs((again.data[i] ?? NaN) - wanted)).toBeLessThan(1e-3);
    });
    expect(kept.ids.length).toBeLessThan(whole.data.length);
  },
);
