import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { hearCaptcha } from '#tests/support/hear-captcha.ts';
import { readVoice } from '../../read-voice.ts';
import { captchaLetters } from './captcha.ts';
import { samplesOf, speakGlyphs } from './captcha-sound.ts';

const voice = readVoice();

/** The same in every run: what is heard wrong once shall be heard wrong again. */
const chanceOf = (text: string): Buffer => createHash('sha256').update(text).digest();

test('every letter of a code has a clip, and what is spoken is heard in its order, whatever chance does to it', () => {
  expect([...voice.keys()].toSorted()).toEqual([...captchaLetters].toSorted());
  for (let at = 0; at < captchaLetters.length; at += 4) {
    const text = captchaLetters.slice(at, at + 4);
    expect(hearCaptcha(speakGlyphs(text, voice, chanceOf(text)))).toBe(text);
  }
});

test('no two sounds of one code are alike, and a letter without a clip is an error', () => {
  const sounds = [randomBytes(32), randomBytes(32)].map((chance) => speakGlyphs('2AXY', voice, chance));
  expect(sounds[0]).not.toEqual(sounds[1]);
  expect(() => speakGlyphs('I', voice, randomBytes(32))).toThrow('no clip for I');
  expect(() => samplesOf(new Uint8Array(100))).toThrow(RangeError);
});
