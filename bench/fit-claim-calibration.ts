/**
 * Fits the constants of paper/ocr/claims/calibration.ts: draws pages of made-up values in several typefaces,
 * wears them down as cameras do, scores each true value and some one-character forgeries of it, and fits a logistic
 * model with equal weight on true and forged. Prints the constants and how claims fall at two limits.
 * Run: node bench/fit-claim-calibration.ts [pages]
 */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { Quad } from '#domain/reading/schema.ts';
import { createCharTable } from '#paper/ocr/char-table.ts';
import { featuresOf } from '#paper/ocr/claims/calibration.ts';
import { cropVariants } from '#paper/ocr/claims/claim-crops.ts';
import { coreOf } from '#paper/ocr/claims/claim-text.ts';
import { lookalikesOf } from '#paper/ocr/claims/lookalikes.ts';
import { scoreReadings } from '#paper/ocr/claims/score-claims.ts';
import { joinFrames } from '#paper/ocr/ctc/frames.ts';
import { createDetector } from '#paper/ocr/detector.ts';
import { loadModelPack } from '#paper/ocr/model-pack.ts';
import { detectPage, recogniseBoxes } from '#paper/ocr/read-page.ts';
import type { Reader } from '#paper/ocr/read-page.ts';
import { createRecogniser } from '#paper/ocr/recogniser.ts';

const FONTS = [
  'Noto Serif CJK SC',
  'Noto Sans CJK SC',
  'LXGW WenKai',
  'WenQuanYi Zen Hei',
  'AR PL UKai CN',
  'AR PL UMing CN',
];
const PLACES = ['沈阳', '大连', '鞍山', '长沙', '昆明', '上海', '抚顺', '株洲', '曲靖', '浦东'];
const WORDS = [
  '恒泰',
  '宏远',
  '鑫盛',
  '建业',
  '中辰',
  '华宇',
  '瑞丰',
  '永固',
  '天成',
  '东方',
  '金石',
  '立诚',
  '博远',
  '昌达',
  '顺通',
  '安平',
];
const TRADES = [
  '建设工程',
  '建筑安装',
  '市政工程',
  '装饰装修',
  '园林绿化',
  '机电设备',
  '钢结构',
  '工程监理',
  '勘察设计',
];
const FAMILY = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕';
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文辉玲建国志华红玉春波鹏宇浩凯梅琳峰旭晨欣怡子轩';
const GRADES = ['特级', '壹级', '贰级', '叁级', '甲级', '乙级', '一级', '二级', '三级', '不分等级'];
const KINDS = [
  '建筑工程施工总承包',
  '市政公用工程施工总承包',
  '机电工程施工总承包',
  '地基基础工程专业承包',
  '消防设施工程专业承包',
  '建筑装修装饰工程专业承包',
];
const CODE = '0123456789ABCDEFGHJKLMNPQRTUWXY';

interface Sample {
  isTrue: boolean;
  kind: string;
  features: number[];
}

const random = generator(Number(process.argv[3] ?? 7));
const pick = <T>(list: ArrayLike<T>): T => list[Math.floor(random() * list.length)] as T;
const digits = (n: number): string => Array.from({ length: n }, () => Math.floor(random() * 10)).join('');
const year = (): number => 1990 + Math.floor(random() * 45);

function makeValue(): string {
  const makers: (() => string)[] = [
    () => `${pick(PLACES)}${pick(WORDS)}${pick(TRADES)}有限公司`,
    () => `${pick(PLACES)}市${pick(WORDS)}（${pick(PLACES)}）${pick(TRADES)}有限责任公司`,
    () => `9${digits(7)}${Array.from({ length: 10 }, () => pick(CODE)).join('')}`,
    () => `${digits(6)}${year()}${digits(8).slice(0, 7)}${random() < 0.1 ? 'X' : digits(1)}`,
    () => `${pick(FAMILY)}${pick(GIVEN)}${random() < 0.6 ? pick(GIVEN) : ''}`,
    () => `${year()}年${1 + Math.floor(random() * 12)}月${1 + Math.floor(random() * 28)}日`,
    () => `${pick(KINDS)}${pick(GRADES)}`,
    () => `${pick('ABDE')}${digits(9)}`,
    () => `（辽）JZ安许证字[20${digits(2)}]${digits(6)}`,
    () => `${1 + Math.floor(random() * 9)},${digits(3)}.${digits(2)}万元`,
    () => `人民币${pick('壹贰叁肆伍陆柒捌玖')}${pick('佰仟')}${pick('壹贰叁肆伍陆柒捌玖')}拾万元整`,
    () => `${pick(PLACES)}市${pick('和平沈河铁西浑南')}区${pick(WORDS)}路${1 + Math.floor(random() * 300)}号`,
  ];
  return pick(makers)();
}

function forge(value: string): [string, string][] {
  const chars = [...value];
  const put = (i: number, count: number, ...text: string[]): string =>
    [...chars.slice(0, i), ...text, ...chars.slice(i + count)].join('');
  const solid = chars.map((char, i) => ({ char, i })).filter(({ char }) => coreOf(char).length > 0);
  const at = (): { char: string; i: number } => pick(solid);
  const forged: [string, string][] = [];
  const twin = solid.filter(({ char }) => lookalikesOf(char).length > 0);
  if (twin.length > 0) {
    const { char, i } = pick(twin);
    forged.push(['look-alike', put(i, 1, pick(lookalikesOf(char)))]);
  }
  const digit = solid.filter(({ char }) => /\d/.test(char));
  if (digit.length > 0) forged.push(['digit', put(pick(digit).i, 1, digits(1))]);
  forged.push(['drop', put(at().i, 1)], ['substitute', put(at().i, 1, pick(GIVEN))]);
  const add = at();
  forged.push([
    'add',
    put(add.i, 0, random() < 0.4 ? add.char : /\d/.test(add.char) ? digits(1) : pick(GIVEN)),
  ]);
  const swap = at();
  if (chars[swap.i + 1]) forged.push(['swap', put(swap.i, 2, chars[swap.i + 1] as string, swap.char)]);
  return forged.filter(([, text]) => coreOf(text) !== coreOf(value) && coreOf(text).length > 0);
}

async function drawWorn(values: readonly string[]): Promise<{ jpeg: Buffer; boxes: Quad[] }> {
  const [width, height] = [1654, 2339];
  const font = pick(FONTS);
  const boxes: Quad[] = [];
  const texts = values.map((value, i) => {
    const size = 26 + Math.floor(random() * 26);
    const [x, y] = [120 + random() * 200, 160 + i * 88];
    const across =
      [...value].reduce(
        (sum, char) => sum + (/[A-Z]/.test(char) ? 0.68 : char.charCodeAt(0) < 256 ? 0.56 : 1),
        0,
      ) * size;
    // Marks as people draw them: a little tight or loose on every side.
    const off = (): number => (random() - 0.4) * 0.35 * size;
    const [x0, x1, y0, y1] = [
      x - Math.max(off(), -0.06 * size),
      x + across + off(),
      y - 0.9 * size - off(),
      y + 0.16 * size + off(),
    ];
    boxes.push([
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ]);
    return `<text x="${x}" y="${y}" font-size="${size}" font-family="${font}" fill="#${pick(['111', '222', '333', '123'])}">${value}</text>`;
  });
  const seals = [0, 1].map(
    () =>
      `<circle cx="${200 + random() * 1000}" cy="${300 + random() * 1700}" r="150" fill="none" stroke="#d84048" stroke-width="10" style="mix-blend-mode:multiply"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#faf8f2"/>${texts.join('')}${seals.join('')}</svg>`;
  // From 110 dots an inch (a far camera) to a clean scan.
  const scale = 0.55 + 0.45 * random();
  const small = await sharp(Buffer.from(svg))
    .flatten({ background: '#fff' })
    .removeAlpha()
    .resize({ width: Math.round(width * scale) })
    .blur(0.3 + 1.0 * random())
    .raw()
    .toBuffer({ resolveWithObject: true });
  const noise = 4 + 14 * random();
  const light = 0.55 + 0.45 * random();
  for (let i = 0; i < small.data.length; i += 1) {
    small.data[i] = Math.max(
      0,
      Math.min(255, (small.data[i] as number) * light + noise * (random() + random() + random() - 1.5)),
    );
  }
  const jpeg = await sharp(small.data, {
    raw: { width: small.info.width, height: small.info.height, channels: 3 },
  })
    .resize({ width, height, fit: 'fill' })
    .jpeg({ quality: 60 + Math.floor(random() * 35) })
    .toBuffer();
  return { jpeg, boxes };
}

async function collect(reader: Reader, pages: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let p = 0; p < pages; p += 1) {
    const values = Array.from({ length: 24 }, makeValue);
    const { jpeg, boxes } = await drawWorn(values);
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    const page = await detectPage(reader, { data, width: info.width, height: info.height });
    for (const [i, value] of values.entries()) {
      const variants = cropVariants([boxes[i] as Quad], page.boxes, page.page);
      const matrices = await recogniseBoxes(reader, page.planes, variants.flat(), () => undefined);
      let taken = 0;
      const readings = variants.map((lines) => joinFrames(matrices.slice(taken, (taken += lines.length))));
      for (const [kind, text] of [['true', value] as [string, string], ...forge(value)]) {
        const score = scoreReadings(readings, [text], reader.chars);
        const isFreeReading = coreOf(score.freeReading) === coreOf(text);
        samples.push({
          isTrue: kind === 'true',
          kind,
          features: Object.values(featuresOf({ ...score, isFreeReading })),
        });
      }
    }
    process.stderr.write(`page ${p + 1} of ${pages}: ${samples.length} claims\n`);
  }
  return samples;
}

/** Newton's method on the weighted log loss with a little ridge; a handful of rounds is enough. */
function fit(samples: readonly Sample[]): number[] {
  const trueWeight = samples.length / (2 * samples.filter((s) => s.isTrue).length);
  const forgedWeight = samples.length / (2 * samples.filter((s) => !s.isTrue).length);
  const n = (samples[0]?.features.length ?? 0) + 1;
  let w = new Array<number>(n).fill(0);
  for (let round = 0; round < 25; round += 1) {
    const rows = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n + 1 }, (_u, j) => (i === j ? 1 : j === n ? -(w[i] ?? 0) : 0)),
    );
    for (const { features, isTrue } of samples) {
      const x = [1, ...features];
      const p = logistic(w, features);
      const weight = isTrue ? trueWeight : forgedWeight;
      for (let i = 0; i < n; i += 1) {
        const row = rows[i] as number[];
        for (let j = 0; j < n; j += 1)
          row[j] = (row[j] ?? 0) + weight * p * (1 - p) * (x[i] ?? 0) * (x[j] ?? 0);
        row[n] = (row[n] ?? 0) + weight * ((isTrue ? 1 : 0) - p) * (x[i] ?? 0);
      }
    }
    const step = solve(rows);
    w = w.map((value, i) => value + (step[i] ?? 0));
  }
  return w;
}

function logistic(w: readonly number[], features: readonly number[]): number {
  return 1 / (1 + Math.exp(-features.reduce((sum, x, i) => sum + x * (w[i + 1] ?? 0), w[0] ?? 0)));
}

function solve(rows: number[][]): number[] {
  const n = rows.length;
  for (let c = 0; c < n; c += 1) {
    const pivot = rows[c] as number[];
    for (let r = 0; r < n; r += 1) {
      if (r === c) continue;
      const row = rows[r] as number[];
      const factor = (row[c] ?? 0) / (pivot[c] || 1e-9);
      for (let k = c; k <= n; k += 1) row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0);
    }
  }
  return rows.map((row, i) => (row[n] ?? 0) / (row[i] || 1e-9));
}

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

const pack = await loadModelPack(fileURLToPath(new URL('../models/weights', import.meta.url)));
const reader: Reader = {
  detector: await createDetector(pack, 1),
  recogniser: await createRecogniser(pack, 1),
  chars: createCharTable(pack.recogniser.chars, pack.recogniser.output.firstClass),
};
const samples = await collect(reader, Number(process.argv[2] ?? 20));
const w = fit(samples);
console.log(JSON.stringify({ bias: w[0], support: w[1], rivalMargin: w[2], agreement: w[3] }, null, 2));
for (const kind of [...new Set(samples.map((s) => s.kind))]) {
  const own = samples.filter((s) => s.kind === kind).map((s) => logistic(w, s.features));
  const share = (low: number, high: number): string =>
    `${((100 * own.filter((p) => p >= low && p < high).length) / own.length).toFixed(1)} %`;
  console.log(
    `${kind.padEnd(11)} ${String(own.length).padStart(5)}  >=0.9 ${share(0.9, 2)}  0.1..0.9 ${share(0.1, 0.9)}  <0.1 ${share(-1, 0.1)}`,
  );
}
