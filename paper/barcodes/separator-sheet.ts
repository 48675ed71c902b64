/** A sheet that is laid between two documents of a batch: its codes say that the next one begins behind it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { separatorPrefix } from '#domain/batch/propose-documents.ts';
import { A4 } from '../imaging/rectify/paper-size.ts';

const dpi = 200;
const [pageWidth, pageHeight] = [2100, 2970];
const side = 420;

export interface DrawnSheet {
  png: Uint8Array;
  widthMm: number;
  heightMm: number;
}

/** A4, four codes: one is read whichever way the sheet lies and whatever a feeder's guides cover. */
export async function drawSeparatorSheet(): Promise<DrawnSheet> {
  const file = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
  const wasmBinary = new Uint8Array(await readFile(file)).buffer;
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  const { svg, error } = await writeBarcode(separatorPrefix, { format: 'QRCode', withQuietZones: true });
  if (error) throw new Error(error);
  const [head = '', width = '1', height = '1'] =
    /<svg[^>]*? width="([0-9.]+)" height="([0-9.]+)"[^>]*>/.exec(svg) ?? [];
  const code = svg.slice(svg.indexOf(head) + head.length);
  const places = [
    [180, 200],
    [pageWidth - 180 - side, 200],
    [180, pageHeight - 200 - side],
    [pageWidth - 180 - side, pageHeight - 200 - side],
  ];
  const codes = places.map(
    ([x, y]) =>
      `<svg x="${x}" y="${y}" width="${side}" height="${side}" viewBox="0 0 ${width} ${height}">${code}`,
  );
  const line = (y: number, size: number, text: string): string =>
    `<text x="${pageWidth / 2}" y="${y}" font-size="${size}" text-anchor="middle" font-family="Noto Sans CJK SC, WenQuanYi Zen Hei, Microsoft YaHei, sans-serif">${text}</text>`;
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${pageWidth}" height="${pageHeight}">
    <rect width="${pageWidth}" height="${pageHeight}" fill="#fff"/>${codes.join('')}
    ${line(1350, 260, '分隔页')}${line(1560, 84, '放在两份材料之间，扫描后自动分成两份')}${line(1690, 70, '此页不会归入材料，可重复使用')}
  </svg>`;
  const px = (mm: number): number => Math.round((mm / 25.4) * dpi);
  const png = await sharp(Buffer.from(picture))
    .resize({ width: px(A4.widthMm), height: px(A4.heightMm), fit: 'fill' })
    .withDensity(dpi)
    .png()
    .toBuffer();
  return { png, ...A4 };
}
