/** Draws certificates and photographs them: pages with known lines, desks, perspective, noise. Deterministic. */
import sharp from 'sharp';
import type { Point, Quad } from '#domain/reading/schema.ts';

export interface DrawnLine {
  text: string;
  x: number;
  y: number;
  size: number;
  font?: string;
  fill?: string;
}

export interface DrawnPage {
  /** Interleaved RGB. */
  data: Uint8Array;
  width: number;
  height: number;
  lines: DrawnLine[];
}

export const A4_PX = { width: 1654, height: 2339 };

const SERIF = 'Noto Serif CJK SC';
export const SANS = 'Noto Sans CJK SC';

/** A licence-like page at 200 dpi: title, labelled values, frame, red seal. */
export const licenceLines: DrawnLine[] = [
  { text: '建筑业企业资质证书', x: 480, y: 380, size: 78 },
  { text: '企业名称：辽宁恒泰建设工程有限公司', x: 220, y: 620, size: 42 },
  { text: '统一社会信用代码：91210100MA0XYRK84C', x: 220, y: 730, size: 42, font: SANS },
  { text: '法定代表人：王建国', x: 220, y: 840, size: 42 },
  { text: '注册资本：人民币伍仟万元整', x: 220, y: 950, size: 42 },
  { text: '资质类别及等级：市政公用工程施工总承包贰级', x: 220, y: 1060, size: 42 },
  { text: '证书编号：D221045678', x: 220, y: 1170, size: 42, font: SANS },
  { text: '有效期至：2028年11月30日', x: 220, y: 1280, size: 42 },
  { text: '详细地址：沈阳市和平区青年大街128号', x: 220, y: 1390, size: 42 },
  { text: '发证机关：辽宁省住房和城乡建设厅', x: 760, y: 1780, size: 42 },
  { text: '2023年12月01日', x: 960, y: 1880, size: 42 },
];

export async function drawPage(
  lines: readonly DrawnLine[],
  options: { width?: number; height?: number; frame?: boolean; seal?: boolean } = {},
): Promise<DrawnPage> {
  const { width = A4_PX.width, height = A4_PX.height } = options;
  const texts = lines
    .map(
      ({ text, x, y, size, font = SERIF, fill = '#181818' }) =>
        `<text x="${x}" y="${y}" font-size="${size}" font-family="${font}" fill="${fill}">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`,
    )
    .join('');
  const frame = options.frame
    ? `<rect x="70" y="70" width="${width - 140}" height="${height - 140}" fill="none" stroke="#8a6a2a" stroke-width="10"/><rect x="95" y="95" width="${width - 190}" height="${height - 190}" fill="none" stroke="#8a6a2a" stroke-width="3"/>`
    : '';
  const seal = options.seal
    ? `<g fill="none" stroke="#d84048" stroke-width="9" style="mix-blend-mode:multiply"><circle cx="1130" cy="1790" r="170"/></g><path d="M1130 1720 l21 64 h67 l-54 39 21 64 -55 -40 -55 40 21 -64 -54 -39 h67 z" fill="#d84048" style="mix-blend-mode:multiply"/>`
    : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fdfcf8"/>${frame}${texts}${seal}</svg>`;
  const data = await sharp(Buffer.from(svg)).flatten({ background: '#fff' }).removeAlpha().raw().toBuffer();
  return { data, width, height, lines: [...lines] };
}

export function encode({
  data,
  width,
  height,
}: Pick<DrawnPage, 'data' | 'width' | 'height'>): ReturnType<typeof sharp> {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

export interface PhotoOptions {
  width?: number;
  height?: number;
  /** Where the page's corners come to lie, in parts of the picture. */
  corners: Quad;
  desk?: 'dark' | 'wood' | 'pale' | 'grey';
  /** Light at the far corner relative to the near one. */
  shade?: number;
  noise?: number;
  /** Draws another sheet beneath, a little turned. */
  sheetBeneath?: boolean;
  /** Covers part of two edges. */
  thumbs?: boolean;
  quality?: number;
  seed?: number;
}

/** Where a sheet's corners appear to a camera above the desk; tilt and turn in degrees, parts of a 4:3 picture. */
export function layPage(options: {
  widthMm?: number;
  heightMm?: number;
  fill?: number;
  turnDeg?: number;
  tiltDeg?: number;
  rollDeg?: number;
  dx?: number;
  dy?: number;
}): Quad {
  const {
    widthMm = 210,
    heightMm = 297,
    fill = 0.85,
    turnDeg = 0,
    tiltDeg = 0,
    rollDeg = 0,
    dx = 0,
    dy = 0,
  } = options;
  const rad = Math.PI / 180;
  const [turn, tilt, roll] = [turnDeg * rad, tiltDeg * rad, rollDeg * rad];
  // Picture height is 1, the focal length 1.2 of it; the distance makes an upright sheet fill the wanted part.
  const distance = 1.2 / fill;
  const half: Point[] = [
    [-0.5, -0.5],
    [0.5, -0.5],
    [0.5, 0.5],
    [-0.5, 0.5],
  ];
  return half.map(([u, v]): Point => {
    const [px, py] = [(u * widthMm) / heightMm, v];
    const [x, y] = [px * Math.cos(turn) - py * Math.sin(turn), px * Math.sin(turn) + py * Math.cos(turn)];
    const z = distance + y * Math.sin(tilt) + x * Math.sin(roll);
    const [cx, cy] = [(1.2 * x * Math.cos(roll)) / z, (1.2 * y * Math.cos(tilt)) / z];
    return [0.5 + dx + cx * 0.75, 0.5 + dy + cy];
  }) as Quad;
}

export interface Photo {
  jpeg: Buffer;
  corners: Quad;
  width: number;
  height: number;
}

const DESKS = {
  dark: [46, 50, 54],
  grey: [120, 122, 125],
  wood: [156, 112, 70],
  pale: [214, 212, 206],
} as const;

/** Photographs a page: desk, perspective, uneven light, sensor noise, JPEG. */
export async function photograph(
  page: Pick<DrawnPage, 'data' | 'width' | 'height'>,
  options: PhotoOptions,
): Promise<Photo> {
  const { width = 3264, height = 2448, desk = 'dark', shade = 0.8, noise = 5, quality = 88 } = options;
  const corners = options.corners.map(([x, y]): Point => [x * width, y * height]) as Quad;
  const random = generator(options.seed ?? 1);
  const out = new Uint8Array(width * height * 3);
  const toPage = quadToUnit(corners);
  const beneath = options.sheetBeneath
    ? quadToUnit(turned(corners, 0.07, [0.035 * width, 0.02 * height]))
    : undefined;
  const base = DESKS[desk];
  const thumbs: Point[] = options.thumbs
    ? [mix(corners[0], corners[3], 0.55), mix(corners[1], corners[2], 0.6)]
    : [];
  const radius = 0.045 * height;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [u, v] = toPage(x + 0.5, y + 0.5);
      let rgb: readonly number[] = base;
      if (desk === 'wood') {
        const grain =
          14 * Math.sin(y * 0.035 + 5 * Math.sin(x * 0.0021)) + 6 * Math.sin(y * 0.21 + x * 0.002);
        rgb = [base[0] + grain, base[1] + grain * 0.8, base[2] + grain * 0.6];
      }
      if (beneath) {
        const [bu, bv] = beneath(x + 0.5, y + 0.5);
        if (bu > 0 && bu < 1 && bv > 0 && bv < 1) rgb = [236, 235, 230];
      }
      if (u > 0 && u < 1 && v > 0 && v < 1) {
        rgb = sampleRgb(page, u * page.width - 0.5, v * page.height - 0.5);
      } else {
        // A soft shadow beside the page, as any sheet on a desk has.
        const d = Math.max(-u * 210, (u - 1) * 210, -v * 297, (v - 1) * 297);
        if (d > 0 && d < 1.6)
          rgb = [rgb[0] as number, rgb[1] as number, rgb[2] as number].map((c) => c * (0.8 + 0.125 * d));
      }
      for (const [tx, ty] of thumbs) {
        if (Math.hypot((x - tx) / 1.6, y - ty) < radius) rgb = [205, 150, 122];
      }
      const light = 1 - (1 - shade) * (0.6 * (x / width) + 0.4 * (y / height));
      const k = (y * width + x) * 3;
      const grain = noise * (random() + random() + random() - 1.5);
      for (let c = 0; c < 3; c += 1) {
        const value = (rgb[c] as number) * light + grain;
        out[k + c] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
  const jpeg = await sharp(out, { raw: { width, height, channels: 3 } })
    .blur(0.7)
    .jpeg({ quality })
    .toBuffer();
  return { jpeg, corners, width, height };
}

/** A round furry thing on a sofa: nothing in it is a page. */
export async function drawCat(): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200"><defs><radialGradient id="g"><stop offset="0" stop-color="#c9a46b"/><stop offset="1" stop-color="#6d4c25"/></radialGradient></defs>
  <rect width="100%" height="100%" fill="#5d6f61"/><ellipse cx="800" cy="760" rx="430" ry="300" fill="url(#g)"/><circle cx="800" cy="430" r="230" fill="url(#g)"/>
  <path d="M620 300 l-30 -190 150 110 z M980 300 l30 -190 -150 110 z" fill="#7a5630"/><circle cx="720" cy="400" r="32" fill="#cfe07a"/><circle cx="880" cy="400" r="32" fill="#cfe07a"/>
  <ellipse cx="800" cy="480" rx="22" ry="14" fill="#e7a6a6"/><path d="M1200 800 q230 -120 120 -330" stroke="#8a6234" stroke-width="60" fill="none"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer();
}

export function generator(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

function mix(a: Point, b: Point, t: number): Point {
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
}

function turned(quad: Quad, angle: number, [dx, dy]: Point): Quad {
  const cx = quad.reduce((sum, p) => sum + p[0], 0) / 4;
  const cy = quad.reduce((sum, p) => sum + p[1], 0) / 4;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return quad.map(([x, y]): Point => [
    cx + dx + c * (x - cx) - s * (y - cy),
    cy + dy + s * (x - cx) + c * (y - cy),
  ]) as Quad;
}

/** Inverse of the projective map from the unit square to the quad (Heckbert 1989). */
function quadToUnit(quad: Quad): (x: number, y: number) => Point {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = quad;
  const [dx1, dx2, dx3] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, dy3] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const det = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / det;
  const h = (dx1 * dy3 - dx3 * dy1) / det;
  const [a, b, c] = [x1 - x0 + g * x1, x3 - x0 + h * x3, x0];
  const [d, e, f] = [y1 - y0 + g * y1, y3 - y0 + h * y3, y0];
  // Adjugate of [[a b c][d e f][g h 1]].
  const [A, B, C] = [e - f * h, c * h - b, b * f - c * e];
  const [D, E, F] = [f * g - d, a - c * g, c * d - a * f];
  const [G, H, I] = [d * h - e * g, b * g - a * h, a * e - b * d];
  return (x, y) => {
    const w = G * x + H * y + I;
    return [(A * x + B * y + C) / w, (D * x + E * y + F) / w];
  };
}

function sampleRgb(
  { data, width, height }: Pick<DrawnPage, 'data' | 'width' | 'height'>,
  x: number,
  y: number,
): [number, number, number] {
  const cx = Math.max(0, Math.min(width - 1.001, x));
  const cy = Math.max(0, Math.min(height - 1.001, y));
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const fx = cx - x0;
  const fy = cy - y0;
  const at = (c: number): number => {
    const k = (y0 * width + x0) * 3 + c;
    const top = (data[k] as number) * (1 - fx) + (data[k + 3] as number) * fx;
    const bottom = (data[k + 3 * width] as number) * (1 - fx) + (data[k + 3 * width + 3] as number) * fx;
    return top * (1 - fy) + bottom * fy;
  };
  return [at(0), at(1), at(2)];
}
