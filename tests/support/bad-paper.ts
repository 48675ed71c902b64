/** What people put under the camera or choose by mistake: no page at all, half a page, broken files. */
import { randomBytes } from 'node:crypto';
import { PDFDocument, PDFName, StandardFonts } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import type { DocumentPicture } from './documents.ts';
import { draw, text, whitePaper } from './documents/drawing.ts';
import { photograph } from './photograph.ts';

export async function photographOfBlankSheet(): Promise<Uint8Array> {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="2480" height="3508"><rect width="100%" height="100%" fill="#fdfcf7"/></svg>';
  const png = await sharp(Buffer.from(svg)).png().toBuffer();
  return (await photograph({ png, widthMm: 210, heightMm: 297 }, { seed: 41 })).jpeg;
}

/** Fur, ears, eyes and whiskers on a carpet: much structure, no sheet, no text. */
export async function pictureOfCat(): Promise<Uint8Array> {
  const [width, height] = [1600, 1200];
  const random = createRandom(7);
  const hairs = Array.from({ length: 2600 }, () => {
    const angle = random() * 2 * Math.PI;
    const reach = Math.sqrt(random());
    const [x, y] = [800 + 430 * reach * Math.cos(angle), 640 + 380 * reach * Math.sin(angle)];
    const shade = 90 + Math.round(random() * 90);
    return `<path d="M${x} ${y} q ${(random() - 0.5) * 30} ${random() * 34} ${(random() - 0.5) * 44} ${20 + random() * 40}" stroke="rgb(${shade + 40},${shade},${shade - 50})" stroke-width="${1 + random() * 3}" fill="none"/>`;
  });
  const eye = (x: number) =>
    `<ellipse cx="${x}" cy="560" rx="74" ry="60" fill="#b9c94a"/><ellipse cx="${x}" cy="560" rx="18" ry="56" fill="#101010"/>`;
  const whiskers = [-60, -20, 20, 60].map(
    (dy) =>
      `<path d="M690 ${760 + dy / 3} L 330 ${760 + dy * 2} M910 ${760 + dy / 3} L 1270 ${760 + dy * 2}" stroke="#f4efe6" stroke-width="4"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><radialGradient id="g"><stop offset="0" stop-color="#9c6a3a"/><stop offset="1" stop-color="#4a3626"/></radialGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/>
    <path d="M430 420 L 500 130 L 720 330 Z M1170 420 L 1100 130 L 880 330 Z" fill="#8a5a30"/>
    <ellipse cx="800" cy="640" rx="440" ry="390" fill="#a06c3c"/>${hairs.join('')}${eye(630)}${eye(970)}
    <path d="M760 720 L 840 720 L 800 770 Z" fill="#d98a8a"/>${whiskers.join('')}</svg>`;
  return sharp(Buffer.from(svg)).blur(0.8).jpeg({ quality: 88 }).toBuffer();
}

/** A slip of a till that was crumpled: narrow, with text of its own and the shades of its creases. */
export function crumpledReceipt(): Promise<DocumentPicture> {
  const lines = [
    '惠民生活超市',
    '单号 0003172',
    '白菜      2.50',
    '面条      6.80',
    '酱油      9.90',
    '合计     19.20',
    '谢谢惠顾',
  ];
  const drawn = lines.map((content, index) => text(content, 6, 22 + index * 11, 6));
  const random = createRandom(5);
  const at = (): string => `${random() * 80},${random() * 110}`;
  const creases = Array.from(
    { length: 60 },
    () =>
      `<polygon points="${at()} ${at()} ${at()}" fill="${random() < 0.5 ? '#000' : '#fff'}" opacity="${0.03 + random() * 0.07}"/>`,
  );
  return draw(80, 110, `${whitePaper(80, 110)}${drawn.join('')}${creases.join('')}`);
}

/** The page lies partly outside of the frame: of its height this share is in the picture. */
export async function cutOff(picture: DocumentPicture, share = 0.9): Promise<Uint8Array> {
  const { jpeg } = await photograph(picture, { seed: 42 });
  const { width, height } = await sharp(jpeg).metadata();
  // The page fills 86 % of the height, with 7 % of mat above it.
  return sharp(jpeg)
    .extract({ left: 0, top: 0, width, height: Math.round(height * (0.07 + 0.86 * share)) })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** As a telephone stores it: the pixels lie on their side, EXIF says how to turn them. */
export async function turnedByExif(jpeg: Uint8Array): Promise<Uint8Array> {
  const sideways = await sharp(jpeg).rotate(270).jpeg({ quality: 90 }).toBuffer();
  return sharp(sideways).withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer();
}

/** Small pages of three sizes in turn, in points: lying, upright, narrow. */
export const mixedSizes = [
  [148, 105],
  [105, 148],
  [90, 160],
] as const;

/** Pages of `mixedSizes` with one line each; the content of page `damaged` (0 first) is noise. */
export async function pdfOfManyPages(count: number, damaged?: number): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const spoilt = document.context.stream(randomBytes(500), { Filter: 'FlateDecode' });
  for (let index = 0; index < count; index++) {
    const [width, height] = mixedSizes[index % mixedSizes.length] ?? mixedSizes[0];
    const page = document.addPage([width, height]);
    if (index === damaged) page.node.set(PDFName.of('Contents'), document.context.register(spoilt));
    else page.drawText(`Sheet ${index + 1}`, { x: 12, y: 50, size: 16, font });
  }
  return document.save();
}

/** As a scanner joins its sheets. */
export async function tiffOf(sheets: readonly Uint8Array[]): Promise<Uint8Array> {
  return sharp(
    sheets.map((sheet) => Buffer.from(sheet)),
    { join: { animated: true } },
  )
    .tiff({ compression: 'deflate' })
    .toBuffer();
}

/** Small white sheets with a stroke each. */
export async function tiffOfManyPages(count: number): Promise<Uint8Array> {
  const sheet = await sharp({ create: { width: 160, height: 226, channels: 3, background: '#ffffff' } })
    .composite([
      { input: { create: { width: 60, height: 8, channels: 3, background: '#202020' } }, left: 40, top: 90 },
    ])
    .png()
    .toBuffer();
  return tiffOf(Array.from({ length: count }, () => sheet));
}

export async function encryptedPdf(): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.addPage();
  document.encrypt({ userPassword: 'secret', ownerPassword: 'owner' });
  return document.save();
}

export function noiseWithHead(...head: number[]): Uint8Array {
  return Buffer.concat([Buffer.from(head), randomBytes(40_000)]);
}

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
