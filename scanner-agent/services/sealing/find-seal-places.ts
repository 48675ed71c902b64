/** Where a paper itself says that a seal belongs: 盖章处, （盖章）, 法定代表人签字. Pure. */
import type { SealPlaces } from '#domain/contracts/kiosk/seal.ts';
import type { Line } from '#domain/reading/schema.ts';

export interface ReadSealPage {
  page: number;
  lines: readonly Line[];
  widthPx: number;
  heightPx: number;
  widthMm: number;
  heightMm: number;
}

const maxPlaces = 8;
const blanks = /[\s　:：()（）_＿.．。,，、【】[\]]/gu;

/** In the order of `keywords`; for one keyword the later place first, for a paper is sealed at its end. */
export function findSealPlaces(
  pages: readonly ReadSealPage[],
  keywords: readonly string[],
): SealPlaces['places'] {
  const found = pages.flatMap((page) => page.lines.flatMap((line) => placesIn(page, line, keywords)));
  const rank = (keyword: string): number => keywords.indexOf(keyword);
  return found
    .sort((a, b) => rank(a.keyword) - rank(b.keyword) || b.page - a.page || b.yMm - a.yMm)
    .slice(0, maxPlaces);
}

/** The longest keyword that the line holds; its place along the line follows from the characters before it. */
function placesIn(
  page: ReadSealPage,
  { text, box }: Line,
  keywords: readonly string[],
): SealPlaces['places'] {
  const characters = [...text];
  const kept = characters.flatMap((character, index) =>
    character.replace(blanks, '') === '' ? [] : [index],
  );
  const bare = kept.map((index) => characters[index]).join('');
  const keyword = [...keywords].sort((a, b) => b.length - a.length).find((word) => bare.includes(word));
  if (keyword === undefined) return [];
  const at = [...bare.slice(0, bare.indexOf(keyword))].length;
  const [first = 0, last = 0] = [kept[at], kept[at + [...keyword].length - 1]];
  const share = (first + last + 1) / 2 / Math.max(characters.length, 1);
  const [topLeft, topRight, bottomRight, bottomLeft] = box;
  const along = (from: number, to: number): number => from + (to - from) * share;
  const x = (along(topLeft[0], topRight[0]) + along(bottomLeft[0], bottomRight[0])) / 2;
  const y = (along(topLeft[1], topRight[1]) + along(bottomLeft[1], bottomRight[1])) / 2;
  return [
    {
      keyword,
      page: page.page,
      xMm: round((x / page.widthPx) * page.widthMm),
      yMm: round((y / page.heightPx) * page.heightMm),
    },
  ];
}

const round = (value: number): number => Math.round(value * 10) / 10;
