/**
 * The vendors' WLT decoders are closed libraries: one is run as a program of its own, so that its crash is its own. It is
 * given the chip's bytes on standard input and answers a JPEG, PNG or BMP on standard output with exit status 0.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CardPhotoHelper } from '#domain/catalogue/station-profile.ts';
import type { CardPhotos, CardPicture, PhotoMissing } from '../../ports/card-photo.ts';
import type { CardPhoto } from '../../ports/card-reader.ts';

/** A decoded picture is 102 × 126 pixels: 39 kB as BMP. */
const longestPicture = 500_000;

export interface PhotoHelperOptions {
  /** Undefined where the station has none. */
  helper: CardPhotoHelper | undefined;
  /** What the program needs of the station's own environment; nothing else reaches it. */
  environment: Readonly<Record<string, string>>;
  /** Told with every failure of the helper; never holds a picture. */
  onError: (trouble: { why: PhotoMissing; said: string }) => void;
}

export function createCardPhotos({ helper, environment, onError }: PhotoHelperOptions): CardPhotos {
  return {
    async pictureOf({ photo, photoWlt }, { signal }): Promise<CardPicture> {
      if (photo) return { kind: 'picture', photo };
      if (!photoWlt) return { kind: 'missing', why: 'reader-gave-none' };
      if (!helper) return { kind: 'missing', why: 'no-decoder' };
      const answer = await decode(photoWlt, { helper, environment, signal });
      if (signal.aborted) throw signal.reason;
      if (answer.kind === 'missing') onError(answer);
      return answer;
    },
  };
}

async function decode(
  wlt: Uint8Array,
  options: { helper: CardPhotoHelper; environment: Readonly<Record<string, string>>; signal: AbortSignal },
): Promise<{ kind: 'picture'; photo: CardPhoto } | { kind: 'missing'; why: PhotoMissing; said: string }> {
  const { program, args, timeoutMs } = options.helper;
  const limit = AbortSignal.timeout(timeoutMs);
  const child = spawn(program, args, {
    env: options.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: AbortSignal.any([limit, options.signal]),
    killSignal: 'SIGKILL',
  });
  const failed = (why: PhotoMissing, said: string) => ({ kind: 'missing' as const, why, said });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-500);
  });
  // A program that ends before it has read everything: its end says what happened.
  child.stdin.on('error', () => undefined);
  child.stdin.end(wlt);
  const pieces: Buffer[] = [];
  let length = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    length += bytes.length;
    if (length <= longestPicture) pieces.push(bytes);
    else child.kill('SIGKILL');
  });
  const end = await once(child, 'close').then(
    ([status, killedBy]: (number | string | null)[]) => ({ status, why: String(killedBy ?? status) }),
    (error: unknown) => ({ status: null, why: String(error) }),
  );
  if (limit.aborted) return failed('decoder-hangs', `no end within ${timeoutMs} ms`);
  if (length > longestPicture) return failed('not-a-picture', 'answered without end');
  if (end.status !== 0) return failed('decoder-failed', `${end.why} ${said}`.trim());
  const bytes = new Uint8Array(Buffer.concat(pieces));
  const mime = pictureMime(bytes);
  return mime ? { kind: 'picture', photo: { mime, bytes } } : failed('not-a-picture', `${length} bytes`);
}

function pictureMime(bytes: Uint8Array): CardPhoto['mime'] | undefined {
  const begins = (...start: number[]): boolean => start.every((byte, index) => bytes[index] === byte);
  if (begins(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (begins(0x89, 0x50, 0x4e, 0x47)) return 'image/png';
  return begins(0x42, 0x4d) ? 'image/bmp' : undefined;
}
