/** The card's photo through a decoder that is a program of its own, well and ill. */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { drawCardSheet } from '#paper/imaging/rectify/card-sheet.ts';
import { createCardPhotos } from '../../scanner-agent/devices/card-photo/photo-helper.ts';
import type { CardPicture } from '../../scanner-agent/ports/card-photo.ts';
import type { IdCard } from '../../scanner-agent/ports/card-reader.ts';

const decoder = fileURLToPath(new URL('../emulators/card-photo/main.ts', import.meta.url));
const wlt = new Uint8Array(1024).fill(200);
const card = { name: '王小测', photoWlt: wlt } as unknown as IdCard; // only its photo matters here
const signal = new AbortController().signal;

function photosOf(args: string[], { program = process.execPath, timeoutMs = 20_000 } = {}) {
  const troubles: string[] = [];
  const photos = createCardPhotos({
    helper: { program, args, timeoutMs },
    environment: {},
    onError: ({ why, said }) => troubles.push(`${why}: ${said}`),
  });
  return { pictureOf: (one = card): Promise<CardPicture> => photos.pictureOf(one, { signal }), troubles };
}

describe('the photo of an ID card', () => {
  test('is what the decoder’s program makes of the chip’s bytes, and stands on the card’s sheet', async () => {
    const answer = await photosOf([decoder]).pictureOf();
    if (answer.kind !== 'picture') throw new Error(answer.why);
    expect(answer.photo.mime).toBe('image/bmp');
    const { jpeg, dpi } = await drawCardSheet({ title: '卡', rows: [], photo: answer.photo, footer: '' });
    // The middle of the head, in half the tone of the chip's first bytes.
    const at = (mm: number): number => Math.round((mm * dpi) / 25.4);
    const head = await sharp(jpeg)
      .extract({ left: at(180), top: at(40), width: at(4), height: at(4) })
      .raw()
      .toBuffer();
    for (const value of head) expect(Math.abs(value - 100)).toBeLessThan(10);
  });

  test.each([
    ['crash', 'decoder-failed', /SIGSEGV/],
    ['refuse', 'decoder-failed', /3 wrong size/],
    ['garbage', 'not-a-picture', /35 bytes/],
    ['endless', 'not-a-picture', /without end/],
  ])('is missing with its reason where the program does this: %s', async (trouble, why, said) => {
    const { pictureOf, troubles } = photosOf([decoder, trouble]);
    expect(await pictureOf()).toMatchObject({ kind: 'missing', why });
    expect(troubles).toEqual([expect.stringMatching(said)]);
  });

  test('is missing within its time where the program hangs, and the program is ended', async () => {
    const { pictureOf } = photosOf([decoder, 'hang'], { timeoutMs: 1_500 });
    expect(await pictureOf()).toMatchObject({ why: 'decoder-hangs' });
  });

  test('is missing where the program is not installed, where none is configured, where the reader gave none', async () => {
    expect(await photosOf([], { program: '/nowhere/wlt' }).pictureOf()).toMatchObject({
      why: 'decoder-failed',
    });
    const none = createCardPhotos({ helper: undefined, environment: {}, onError: () => undefined });
    expect(await none.pictureOf(card, { signal })).toEqual({ kind: 'missing', why: 'no-decoder' });
    const { photoWlt: _, ...bare } = card;
    expect(await none.pictureOf(bare, { signal })).toEqual({ kind: 'missing', why: 'reader-gave-none' });
  });

  test('that a vendor’s program gives already decoded is taken as it is', async () => {
    const photo = { mime: 'image/jpeg' as const, bytes: new Uint8Array([0xff, 0xd8, 0xff]) };
    const { pictureOf } = photosOf([decoder, 'crash']);
    expect(await pictureOf({ ...card, photo })).toEqual({ kind: 'picture', photo });
    // A picture that cannot be opened leaves the sheet whole.
    const sheet = await drawCardSheet({ title: '卡', rows: [], photo, footer: '' });
    expect((await sharp(sheet.jpeg).metadata()).width).toBe(sheet.widthPx);
  });
});
