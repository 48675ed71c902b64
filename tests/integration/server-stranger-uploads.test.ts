/** Many strangers send large pictures at one moment: what the server holds of them stays bounded, and nobody shuts others out. */
import { request } from 'node:http';
import type { ClientRequest } from 'node:http';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { maxPictureBytes, registrationRoutes } from '#domain/contracts/public/registration.ts';
import { addressOf } from '#domain/contracts/route.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer } from './server-support.ts';

const mb = 1024 * 1024;
const data = makeDataFolder();
let server: RunningServer;
let cookie: string;
const uploads: ClientRequest[] = [];
beforeAll(async () => {
  server = await startTestServer(data.folder, {
    ...{ uploadReading: { enabled: false }, trustedProxies: ['127.0.0.1'] },
  });
  const begun = await fetch(`${server.url}${registrationRoutes.beginRegistration.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ programme: 'yunnan-user-centre', type: 'enterprise' }),
  });
  cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
});
afterEach(() => {
  for (const upload of uploads.splice(0)) upload.destroy();
});
afterAll(async () => {
  await server.close();
  data.remove();
});

const path = addressOf(registrationRoutes.addRegistrationFile, {
  params: { attachment: 'authorisation' },
  query: { name: '授权委托书.jpg' },
});
/** All of it but the last byte; answers what the server says, where it says something before the end. */
function beginUpload(address: string, bytes: number) {
  const headers = {
    'x-forwarded-for': address,
    'content-type': 'image/jpeg',
    'content-length': bytes,
    cookie,
  };
  const upload = request(`${server.url}${path}`, { method: 'POST', headers });
  uploads.push(upload);
  const answered = new Promise<{ status: number; code: unknown }>((resolve, reject) => {
    upload.once('error', reject);
    upload.once('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('end', () => {
        const told = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
        resolve({ status: answer.statusCode ?? 0, code: told['code'] });
      });
    });
  });
  answered.catch(() => undefined);
  const sent = new Promise<void>((resolve) => upload.write(filler.subarray(0, bytes - 1), () => resolve()));
  return { answered, sent };
}
const filler = Buffer.alloc(maxPictureBytes);

it('holds no more than its bound of all of them, nor of one address, and takes pictures again afterwards', async () => {
  const before = process.memoryUsage().arrayBuffers;
  const codes: unknown[] = [];
  /** Six of 15 MB from each of these addresses. */
  async function send(places: readonly number[]): Promise<void> {
    const begun = places.flatMap((place) =>
      Array.from({ length: 6 }, () => beginUpload(`203.0.113.${place}`, maxPictureBytes)),
    );
    for (const { answered } of begun)
      void answered.then(
        ({ code }) => codes.push(code),
        () => undefined,
      );
    await Promise.all(begun.map(({ sent }) => sent));
  }
  await send([1]);
  // four of one address fit
  await expect.poll(() => codes).toEqual(['REQUESTS_TOO_MANY', 'REQUESTS_TOO_MANY']);
  await send([2, 3, 4, 5, 6]);
  // and seventeen of all 36
  await expect.poll(() => codes.length).toBeGreaterThanOrEqual(36 - 17);
  expect(codes).toContain('SERVER_BUSY');
  // of 540 MB that were offered; what was read and let go is still counted until it is collected
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(256 * mb + 128 * mb);

  for (const upload of uploads.splice(0)) upload.destroy();
  const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#fff' } })
    .jpeg()
    .toBuffer();
  await expect
    .poll(async () => {
      const answer = await fetch(`${server.url}${path}`, {
        ...{ method: 'POST', headers: { cookie, 'content-type': 'image/jpeg' } },
        body: Buffer.from(picture),
      });
      return answer.status;
    })
    .toBe(200);
});

it('refuses one that is larger than a picture may be, in words', async () => {
  const tooLarge = await fetch(`${server.url}${path}`, {
    ...{ method: 'POST', headers: { cookie, 'content-type': 'image/jpeg' } },
    body: Buffer.alloc(maxPictureBytes + 1),
  });
  expect(((await tooLarge.json()) as Record<string, unknown>)['code']).toBe('FILE_TOO_LARGE');
});
