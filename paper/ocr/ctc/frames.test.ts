import { expect, test } from 'vitest';
import { bestOfFrames, logSoftmaxFrames } from './frames.ts';
import { decodeGreedily } from './greedy.ts';

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
