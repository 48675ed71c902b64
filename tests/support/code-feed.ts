import QRCode from 'qrcode';
import sharp from 'sharp';

/** A camera's moving picture of a QR code that lies still under it. */
export async function drawCodeFeed(text: string): Promise<Uint8Array> {
  const code = await QRCode.toBuffer(text, { width: 420, margin: 4 });
  const frame = await sharp({
    create: { width: 1280, height: 720, channels: 3, background: '#8a8f94' },
  })
    .composite([{ input: code, left: 430, top: 150 }])
    .jpeg()
    .toBuffer();
  return Buffer.concat(Array.from({ length: 10 }, () => frame));
}
