/** QR codes and barcodes of a straightened page, by zxing as WebAssembly; its binary comes from the installed package. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { ReadInputBarcodeFormat, ReadResult } from 'zxing-wasm/reader';
import type { Point } from '#domain/reading/schema.ts';
import type { Picture } from '../imaging/picture.ts';
import { middleOf } from '../ocr/reading-order.ts';
import type { PageCode } from '../ports/paper-reader.ts';

/** What documents, licences and statements carry. */
const formats: ReadInputBarcodeFormat[] = ['QRCode', 'DataMatrix', 'PDF417', 'Code128', 'Code39'];
const mostCodes = 8;
/** A QR code's own limit is 7,089 digits; what is longer than this is no number or address. */
const longestText = 2_000;

export type ReadCodes = (page: Picture) => Promise<PageCode[]>;

/** Without `wasmBinary` the library would fetch its binary from the network. Throws when the file is not there. */
export async function createCodeReader(): Promise<ReadCodes> {
  const file = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  const bytes = await readFile(file);
  await prepareZXingModule({
    overrides: { wasmBinary: new Uint8Array(bytes).buffer },
    fireImmediately: true,
  });
  return async (page) => {
    const found = await readBarcodes(toImageData(page), {
      formats,
      maxNumberOfSymbols: mostCodes,
      tryHarder: true,
      tryInvert: false,
      returnErrors: true,
    });
    return withoutRepeats(found.flatMap(toPageCode));
  };
}

/** A QR code that is there and fails its check has no text; of the other symbologies that is mostly no code at all. */
function toPageCode({ format, text, isValid, position }: ReadResult): PageCode[] {
  const said = isValid ? text.trim().slice(0, longestText) : '';
  if (said === '' && (isValid || !format.startsWith('QRCode'))) return [];
  const at = ({ x, y }: { x: number; y: number }): Point => [x, y];
  const { topLeft, topRight, bottomRight, bottomLeft } = position;
  return [{ format, text: said, box: [at(topLeft), at(topRight), at(bottomRight), at(bottomLeft)] }];
}

/** One code may fail in several ways, and be read in another. */
function withoutRepeats(codes: readonly PageCode[]): PageCode[] {
  const lieTogether = (a: PageCode, b: PageCode): boolean => {
    const [[ax, ay], [bx, by]] = [middleOf(a.box), middleOf(b.box)];
    return (
      Math.hypot(ax - bx, ay - by) < Math.hypot(a.box[0][0] - a.box[2][0], a.box[0][1] - a.box[2][1]) / 2
    );
  };
  return codes.filter(
    (code, i) =>
      code.text !== '' || !codes.some((other, j) => (other.text !== '' || j < i) && lieTogether(other, code)),
  );
}

function toImageData({ data, width, height }: Picture) {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from] as number;
    rgba[to + 1] = data[from + 1] as number;
    rgba[to + 2] = data[from + 2] as number;
    rgba[to + 3] = 255;
  }
  return { data: rgba, width, height, colorSpace: 'srgb' as const };
}
