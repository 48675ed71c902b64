/**
 * Passwords' hashes, two at a time: each takes 19 MB (an older one 34 MB) and some time of one of the threads that files and
 * names wait for too, so that a burst of sign-ins would take the memory and silence everything else.
 */
import { scrypt, timingSafeEqual } from 'node:crypto';
import type { ScryptOptions } from 'node:crypto';
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import { AppError } from '#domain/errors/app-error.ts';

// OWASP's first choice, and what the package does by itself: argon2id with 19 MiB, two passes, one lane
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
const present = '$argon2id$v=19$m=19456,t=2,p=1$';

export interface PasswordHashing {
  /** In the PHC form, `$argon2id$…`. */
  hash(password: string): Promise<string>;
  /** Not by today's function or cost: another hash of the same password should take its place. */
  isOutdated(hash: string): boolean;
  /** Throws SERVER_BUSY where too many wait. `goesFirst`: before those that are nobody's in particular. */
  verify(password: string, hash: string, options?: { goesFirst: boolean }): Promise<boolean>;
}

const busyRetryMs = 2_000;

/** The people of the installation sign in through one queue of each process. */
export function createPasswordHashing({ atOnce = 2, maxWaiting = 20 } = {}): PasswordHashing {
  let running = 0;
  const known: (() => void)[] = [];
  const others: (() => void)[] = [];

  async function inTurn<T>(goesFirst: boolean, work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      const line = goesFirst ? known : others;
      if (line.length >= maxWaiting) throw new AppError('SERVER_BUSY', { retryAfterMs: busyRetryMs });
      // whoever ends hands the place over, so that no newcomer slips in between
      await new Promise<void>((resolve) => line.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = known.shift() ?? others.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return {
    hash: (password) => inTurn(true, () => argon2Hash(password.normalize('NFKC'), cost)),
    isOutdated: (hash) => !hash.startsWith(present),
    async verify(password, hash, { goesFirst } = { goesFirst: false }) {
      if (hash.startsWith('$argon2id$'))
        return inTurn(goesFirst, () => argon2Verify(hash, password.normalize('NFKC')));
      return verifyScrypt(password, hash, (work) => inTurn(goesFirst, work));
    },
  };
}

/** `scrypt$N$r$p$salt$key`, base64url: what earlier versions kept. */
async function verifyScrypt(
  password: string,
  hash: string,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<boolean> {
  const [kind, N, r, p, salt, key] = hash.split('$');
  if (kind !== 'scrypt' || salt === undefined || key === undefined) return false;
  const expected = Buffer.from(key, 'base64url');
  const options = { N: Number(N), r: Number(r), p: Number(p), maxmem: 96 * 1024 * 1024 };
  const actual = await inTurn(() =>
    derive(password, Buffer.from(salt, 'base64url'), expected.length, options),
  );
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function derive(
  password: string,
  salt: Uint8Array,
  keyBytes: number,
  options: ScryptOptions,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
