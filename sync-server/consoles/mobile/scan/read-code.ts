import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/** More pixels make the search slower, not surer. */
const maxSide = 1600;

/** Of our own server: without it the library would fetch its binary from elsewhere. The build takes the file along by this address. */
const binary = new URL('../../../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url);
prepareZXingModule({ overrides: { locateFile: () => binary.href } });

/** What the first QR code in the picture says; undefined where there is none. */
export async function readCode(
  picture: ImageBitmap | HTMLVideoElement,
  size: { width: number; height: number },
): Promise<string | undefined> {
  const scale = Math.min(1, maxSide / Math.max(size.width, size.height));
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  if (width === 0 || height === 0) return undefined;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  context.drawImage(picture, 0, 0, width, height);
  const [found] = await readBarcodes(context.getImageData(0, 0, width, height), {
    formats: ['QRCode'],
    maxNumberOfSymbols: 1,
    tryHarder: true,
  });
  return found?.isValid === true ? found.text : undefined;
}
