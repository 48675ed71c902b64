/**
 * Visible seals as PDF drawing operators. The round company seal (圆形公章): outer ring, the company's name along the
 * upper arc, a five-pointed star, the credit code along the lower arc. The square seal of a person (姓名章): a frame and
 * the name in columns from the right. Everything is path; no font is embedded, so a seal looks the same on every
 * machine, and the verifier can prove that it hides nothing (check-marks.ts).
 */
import { AppError } from '#domain/errors/app-error.ts';
import type { Glyph, PathPart, SealFont } from './true-type.ts';

export type SealAppearance = CompanySeal | PersonSeal;

export interface CompanySeal {
  companyName: string;
  creditCode?: string;
  /** A short line below the star: a date, or 模拟 for a simulated token. */
  caption?: string;
}

export interface PersonSeal {
  personName: string;
}

/** Everything a seal draws lies between these two; the verifier wants them to the byte. */
export const sealOpening = '/Ink gs\nq\n0.83 0.05 0.09 rg\n0.83 0.05 0.09 RG\n1 0 0 1 50 50 cm\n';
export const sealClosing = '\nQ';

/**
 * Operators for a square of 100 x 100 units; the caller scales it. Throws SEAL_CHARACTERS_MISSING, naming every character that no
 * font can draw: a seal with a hole in its name is none.
 */
export function drawSeal(appearance: SealAppearance, fonts: readonly SealFont[]): string {
  const missing = lettersOf(appearance).filter((character) => !findGlyph(character, fonts));
  if (missing.length > 0) {
    const characters = [...new Set(missing)].join(' ');
    throw new AppError('SEAL_CHARACTERS_MISSING', { characters, codes: codesOf(missing) });
  }
  const ink = 'personName' in appearance ? drawPerson(appearance, fonts) : drawCompany(appearance, fonts);
  return `${sealOpening}${ink.join('\n')}${sealClosing}`;
}

/** Every character that the seal of this appearance draws. */
function lettersOf(appearance: SealAppearance): string[] {
  if ('personName' in appearance) return visible(withSealWord(appearance.personName));
  const { companyName, creditCode = '', caption = '' } = appearance;
  return visible(`${companyName}${creditCode}${caption}`);
}

/** Without what is no character of its own: variation selectors, joiners, direction marks. */
function visible(text: string): string[] {
  return [...text].filter((character) => !/\p{Default_Ignorable_Code_Point}/u.test(character));
}

const codesOf = (characters: readonly string[]): string[] => [
  ...new Set(
    characters.map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`),
  ),
];

function drawCompany(
  { companyName, creditCode, caption }: CompanySeal,
  fonts: readonly SealFont[],
): string[] {
  const ink = ['3 w', circle(48), 'S', star(15.5), 'f', ...drawName(visible(companyName), fonts)];
  if (creditCode) ink.push(...drawCode(visible(creditCode), fonts));
  if (caption) ink.push(...drawCaption(visible(caption), fonts));
  return ink;
}

function drawPerson({ personName }: PersonSeal, fonts: readonly SealFont[]): string[] {
  const characters = visible(withSealWord(personName));
  const columns = Math.ceil(Math.sqrt(characters.length));
  const rows = Math.ceil(characters.length / columns);
  const [cellWidth, cellHeight] = [86 / columns, 86 / rows];
  const glyphs = characters.flatMap((character, index) => {
    const column = Math.floor(index / rows); // counted from the right, as seals are read
    const [x, y] = [43 - cellWidth * (column + 0.5), 43 - cellHeight * ((index % rows) + 0.5)];
    return drawGlyph(glyphOf(character, fonts), {
      centreAngleDeg: (Math.atan2(y, x) * 180) / Math.PI,
      radius: Math.hypot(x, y),
      turnDeg: 0,
      width: cellWidth * 0.9,
      height: cellHeight * 0.9,
      strokeEm: 0.04,
    });
  });
  return ['4 w', '-47 -47 m', '47 -47 l', '47 47 l', '-47 47 l', 'h', 'S', ...glyphs];
}

/** 印 fills the square of a two- or three-character name, as engravers do. */
function withSealWord(name: string): string {
  const { length } = visible(name);
  if (length === 2) return `${name}之印`;
  return length === 3 ? `${name}印` : name;
}

const nameHeight = 14;
const nameRadius = 37;

function drawName(characters: string[], fonts: readonly SealFont[]): string[] {
  // the name opens out to 250 degrees at most; longer names get narrower characters, as engravers do
  const step = Math.min(28, 250 / Math.max(characters.length, 1));
  const room = ((step * Math.PI) / 180) * nameRadius;
  const width = Math.min(nameHeight * 0.86, room * 0.9);
  const first = (-step * (characters.length - 1)) / 2;
  return characters.flatMap((character, index) =>
    drawGlyph(glyphOf(character, fonts), {
      centreAngleDeg: 90 - (first + step * index),
      radius: nameRadius,
      turnDeg: -(first + step * index),
      width,
      height: nameHeight,
      strokeEm: 0.035,
    }),
  );
}

function drawCode(characters: string[], fonts: readonly SealFont[]): string[] {
  const step = Math.min(5.2, 100 / characters.length);
  const first = (-step * (characters.length - 1)) / 2;
  return characters.flatMap((character, index) =>
    drawGlyph(glyphOf(character, fonts), {
      centreAngleDeg: 270 + first + step * index,
      radius: 42.2,
      turnDeg: first + step * index,
      width: 3.3,
      height: 4.6,
      strokeEm: 0.05,
    }),
  );
}

function drawCaption(characters: string[], fonts: readonly SealFont[]): string[] {
  const glyphs = characters.map((character) => glyphOf(character, fonts));
  const size = Math.min(5.6, 44 / glyphs.reduce((sum, { advanceEm }) => sum + advanceEm, 0));
  const total = glyphs.reduce((sum, { advanceEm }) => sum + advanceEm * size, 0);
  let left = -total / 2;
  return glyphs.flatMap((glyph) => {
    const ink = [
      'q',
      `${size} 0 0 ${size} ${round(left)} -25.5 cm`,
      '0.03 w',
      ...(glyph.path.length > 0 ? [toOperators(glyph.path), 'B'] : []),
      'Q',
    ];
    left += glyph.advanceEm * size;
    return ink;
  });
}

interface GlyphPlace {
  centreAngleDeg: number;
  radius: number;
  turnDeg: number;
  width: number;
  height: number;
  strokeEm: number;
}

/** Stretches the glyph's own box to the place's box and turns it around its centre. */
function drawGlyph(glyph: Glyph, place: GlyphPlace): string[] {
  if (glyph.path.length === 0) return [];
  const isWide = glyph.advanceEm > 0.75;
  // CJK glyphs fill the em square (descent about 0.12 em); figures stand on the baseline, about 0.7 em high
  const box = isWide
    ? { left: 0.02, bottom: -0.12, width: 0.96, height: 0.96 }
    : { left: 0, bottom: 0, width: glyph.advanceEm, height: 0.7 };
  const [scaleX, scaleY] = [place.width / box.width, place.height / box.height];
  const centre = (place.centreAngleDeg * Math.PI) / 180;
  const turn = (place.turnDeg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const move = [cos, sin, -sin, cos, place.radius * Math.cos(centre), place.radius * Math.sin(centre)];
  const fit = [
    scaleX,
    0,
    0,
    scaleY,
    -(box.left + box.width / 2) * scaleX,
    -(box.bottom + box.height / 2) * scaleY,
  ];
  return [
    'q',
    `${move.map(round).join(' ')} cm`,
    `${fit.map(round).join(' ')} cm`,
    `${place.strokeEm} w 1 j`,
    toOperators(glyph.path),
    'B',
    'Q',
  ];
}

/** A font may know a character and have nothing to draw for it: then the next one is asked. */
export function findGlyph(character: string, fonts: readonly SealFont[]): Glyph | undefined {
  if (character.trim() === '') return { advanceEm: 0.5, path: [] };
  for (const font of fonts) {
    const glyph = font.findGlyph(character);
    if (glyph && glyph.path.length > 0) return glyph;
  }
  return undefined;
}

/** For characters that `drawSeal` has found before it drew anything. */
function glyphOf(character: string, fonts: readonly SealFont[]): Glyph {
  const glyph = findGlyph(character, fonts);
  if (!glyph) throw new AppError('SEAL_CHARACTERS_MISSING', { characters: character });
  return glyph;
}

export function toOperators(path: readonly PathPart[]): string {
  return path
    .map((part, index) => {
      if (part.kind === 'move') return `${index === 0 ? '' : 'h '}${round(part.x)} ${round(part.y)} m`;
      if (part.kind === 'line') return `${round(part.x)} ${round(part.y)} l`;
      return `${[part.x1, part.y1, part.x2, part.y2, part.x, part.y].map(round).join(' ')} c`;
    })
    .join('\n')
    .concat(' h');
}

/** A circle as four Bézier curves. */
function circle(radius: number): string {
  const k = round(radius * 0.5522847498);
  const r = radius;
  return [
    `${r} 0 m`,
    `${r} ${k} ${k} ${r} 0 ${r} c`,
    `-${k} ${r} -${r} ${k} -${r} 0 c`,
    `-${r} -${k} -${k} -${r} 0 -${r} c`,
    `${k} -${r} ${r} -${k} ${r} 0 c h`,
  ].join('\n');
}

function star(radius: number): string {
  const inner = radius * 0.381966; // the ratio of a regular pentagram
  const points = Array.from({ length: 10 }, (_, index) => {
    const angle = Math.PI / 2 + (index * Math.PI) / 5;
    const reach = index % 2 === 0 ? radius : inner;
    return `${round(reach * Math.cos(angle))} ${round(reach * Math.sin(angle))} ${index === 0 ? 'm' : 'l'}`;
  });
  return `${points.join('\n')} h`;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
