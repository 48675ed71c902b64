/**
 * Stands for a vendor's WLT decoder: `node main.ts [crash|hang|garbage|endless|refuse]`. Takes the chip's 1024 bytes on standard
 * input and writes a BMP of 102 x 126 pixels; whose colours come from these bytes, so that a test sees that they arrived.
 */
import { once } from 'node:events';

const [width, height] = [102, 126];
const trouble = process.argv[2] ?? '';
const pieces: Buffer[] = [];
process.stdin.on('data', (bytes: Buffer) => pieces.push(bytes));
await once(process.stdin, 'end');
const wlt = Buffer.concat(pieces);

switch (trouble) {
  case 'crash':
    process.kill(process.pid, 'SIGSEGV');
    break;
  case 'hang':
    setInterval(() => undefined, 1000);
    break;
  case 'garbage':
    process.stdout.write('licence of this library has run out');
    break;
  case 'endless':
    setInterval(() => process.stdout.write(Buffer.alloc(100_000, 0x42)), 1);
    break;
  case 'refuse':
    process.stderr.write('wrong size');
    process.exitCode = 3;
    break;
  default:
    if (wlt.length !== 1024) process.exitCode = 3;
    else process.stdout.write(silhouette([wlt[0] ?? 0, wlt[1] ?? 0, wlt[2] ?? 0]));
}

/** Head and shoulders before a bright ground, in the given tone. */
function silhouette([red, green, blue]: [number, number, number]): Buffer {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const bitmap = Buffer.alloc(54 + rowBytes * height);
  bitmap.write('BM');
  bitmap.writeUInt32LE(bitmap.length, 2);
  bitmap.writeUInt32LE(54, 10);
  bitmap.writeUInt32LE(40, 14);
  bitmap.writeInt32LE(width, 18);
  bitmap.writeInt32LE(height, 22);
  bitmap.writeUInt16LE(1, 26);
  bitmap.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isHead = Math.hypot(x - 51, y - 48) < 26;
      const isBody = ((x - 51) / 46) ** 2 + ((y - 126) / 46) ** 2 < 1;
      const pixel = isHead || isBody ? [blue >> 1, green >> 1, red >> 1] : [240, 238, 236];
      bitmap.set(pixel, 54 + (height - 1 - y) * rowBytes + x * 3);
    }
  }
  return bitmap;
}
