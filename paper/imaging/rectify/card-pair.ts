/** Front and back of an ID card on one A4 sheet, as copies of cards are handed in. */
import sharp from 'sharp';
import type { PageFrame } from './paper-size.ts';
import { A4, ID_1 } from './paper-size.ts';
import type { Picture } from '../picture.ts';

/** Letters of 2 mm keep 24 pixels; DA/T 31-2017 asks for 300 dpi where print is small. */
const dpi = 300;
const pxPerMm = dpi / 25.4;

export function isCardSize({ widthMm, heightMm }: Pick<PageFrame, 'widthMm' | 'heightMm'>): boolean {
  const [long, short] = [Math.max(widthMm, heightMm), Math.min(widthMm, heightMm)];
  return long === ID_1.widthMm && short === ID_1.heightMm;
}

export interface CardPair {
  page: Picture;
  widthMm: number;
  heightMm: number;
  dpi: number;
}

/** Upright cards, the first above the second, in their true size. */
export async function joinCards(cards: readonly Picture[]): Promise<CardPair> {
  const width = Math.round(A4.widthMm * pxPerMm);
  const height = Math.round(A4.heightMm * pxPerMm);
  const layers = await Promise.all(
    cards.map(async (card, i) => {
      const isTall = card.height > card.width;
      const [wMm, hMm] = isTall ? [ID_1.heightMm, ID_1.widthMm] : [ID_1.widthMm, ID_1.heightMm];
      const [w, h] = [Math.round(wMm * pxPerMm), Math.round(hMm * pxPerMm)];
      const input = await sharp(card.data, { raw: { width: card.width, height: card.height, channels: 3 } })
        .resize({ width: w, height: h, fit: 'fill' })
        .raw()
        .toBuffer();
      const middle = (height * (i + 1)) / (cards.length + 1);
      return {
        input,
        raw: { width: w, height: h, channels: 3 as const },
        left: Math.round((width - w) / 2),
        top: Math.round(middle - h / 2),
      };
    }),
  );
  const data = await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite(layers)
    .removeAlpha()
    .raw()
    .toBuffer();
  return { page: { data, width, height }, ...A4, dpi: dpi };
}
