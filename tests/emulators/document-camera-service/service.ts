/**
 * The local program of a vendor's document camera (良田), without the vendor: `POST /device=isconnect` and `POST
 * /video=grabimage`, in which every value is a text, as public programs that call it show. It renders the sheet that lies
 * under its camera. Written apart from the driver.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { z } from 'zod';

export type CameraServiceFault =
  | 'none'
  | 'refuses'
  | 'hangs'
  | 'half'
  | 'html'
  | 'endless'
  /** The program runs and has no camera: an answer without a picture. */
  | 'no-picture';

export interface CameraService {
  url: string;
  /** A picture of a sheet; nothing: the bare mat. */
  lay(picture: Uint8Array | undefined): void;
  setFault(trouble: CameraServiceFault): void;
  /** What was asked for, as it came. */
  shots(): readonly ShotSettings[];
  close(): Promise<void>;
}

const flag = z.enum(['0', '1']);
const shotSchema = z.strictObject({
  filepath: z.literal('base64'),
  rotate: z.enum(['0', '90', '180', '270']),
  cutpage: flag,
  camidx: flag,
  ColorMode: z.enum(['0', '1', '2']),
  quality: z.string().regex(/^\d{1,3}$/u),
});
export type ShotSettings = z.infer<typeof shotSchema>;

const widthPx = 1600;
const heightPx = 1200;

/** Port 0 takes a free one. */
export async function startCameraService(port = 0): Promise<CameraService> {
  let picture: Uint8Array | undefined;
  let trouble: CameraServiceFault = 'none';
  const shots: ShotSettings[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (body: unknown): void => void response.end(JSON.stringify(body));
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    if (request.method !== 'POST') return void response.writeHead(404).end();
    if (request.url === '/device=isconnect') {
      return send({ code: '0', data: '1' });
    }
    if (request.url !== '/video=grabimage') return void response.writeHead(404).end();
    const asked = shotSchema.safeParse(JSON.parse(text));
    if (!asked.success) return send({ code: '1', message: 'parameter' });
    shots.push(asked.data);
    switch (trouble) {
      case 'hangs':
        return;
      case 'half':
        response.setHeader('content-length', '100000');
        response.write('{"code":"0","photoBase64":"/9j/');
        response.destroy();
        return;
      case 'html':
        return void response.end('<html>another program</html>');
      case 'refuses':
        return void response.writeHead(500).end();
      case 'endless':
        response.on('error', () => undefined);
        while (!response.destroyed) {
          response.write(Buffer.alloc(1_000_000, 0x41));
          await delay(1);
        }
        return;
      case 'no-picture':
        return send({ code: '1', message: 'no device', photoBase64: '' });
      case 'none':
        send({ code: '0', photoBase64: (await render(asked.data)).toString('base64') });
    }
  }

  async function render({ cutpage, ColorMode, rotate }: ShotSettings): Promise<Buffer> {
    const mat = sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: '#333' } });
    // Cut to the sheet, or the sheet in the middle of the mat.
    const sheet =
      picture && (await sharp(picture).resize({ width: 700, height: 990, fit: 'fill' }).png().toBuffer());
    const seen =
      sheet === undefined ? mat : cutpage === '1' ? sharp(sheet) : mat.composite([{ input: sheet }]);
    const drawn = sharp(await seen.png().toBuffer()).rotate(Number(rotate));
    const toned = ColorMode === '0' ? drawn : drawn.greyscale();
    return (ColorMode === '2' ? toned.threshold(160) : toned).jpeg({ quality: 88 }).toBuffer();
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    lay(next) {
      picture = next;
    },
    setFault(next) {
      trouble = next;
    },
    shots: () => shots,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
