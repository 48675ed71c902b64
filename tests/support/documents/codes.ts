import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import type { WriteInputBarcodeFormat } from 'zxing-wasm/writer';

/** A QR code or barcode as SVG, `sideMm` wide, for a drawing in millimetres; with its quiet zone. */
export async function drawCode(
  said: string,
  at: { x: number; y: number; sideMm: number; format?: WriteInputBarcodeFormat },
): Promise<string> {
  const { x, y, sideMm, format = 'QRCode' } = at;
  const file = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
  await prepareZXingModule({
    overrides: { wasmBinary: new Uint8Array(await readFile(file)).buffer },
    fireImmediately: true,
  });
  const { svg, error } = await writeBarcode(said, { format, withQuietZones: true });
  if (error) throw new Error(error);
  const [head = '', width = '0', height = '0'] =
    /<svg[^>]*? width="([0-9.]+)" height="([0-9.]+)"[^>]*>/.exec(svg) ?? [];
  const content = svg.slice(svg.indexOf(head) + head.length);
  return `<svg x="${x}" y="${y}" width="${sideMm}" height="${sideMm}" viewBox="0 0 ${width} ${height}">${content}`;
}
