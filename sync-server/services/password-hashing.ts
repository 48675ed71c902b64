/**
 * Passwords' hashes, two at a time: each takes 34 MB and a tenth of a second of one of the threads that files and names wait
 * for too, so that a burst of sign-ins would take the memory and silence everything else.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { ScryptOptions } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';

// OWASP's minimum for scrypt (N = 2^15, r = 8, p = 3), about 100 ms
const cost = { N: 32_768, r: 8, p: 3, maxmem: 96 * 1024 * 1024 } as const;
const keyBytes = 32;

export interface PasswordHashing {
  /** `scrypt$N$r$p$salt$key`, base64url. */
  hash(password: string): Promise<string>;
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
    hash: (password) =>
      inTurn(true, async () => {
        const salt = randomBytes(16);
        const key = await derive(password, salt, cost);
        return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join(
          '$',
        );
      }),
    async verify(password, hash, { goesFirst } = { goesFirst: false }) {
      const [kind, N, r, p, salt, key] = hash.split('$');
      if (kind !== 'scrypt' || salt === undefined || key === undefined) return false;
      const expected = Buffer.from(key, 'base64url');
      const options = { N: Number(N), r: Number(r), p: Number(p), maxmem: cost.maxmem };
      const actual = await inTurn(goesFirst, () => derive(password, Buffer.from(salt, 'base64url'), options));
      return actual.length === expected.length && timingSafeEqual(actual, expected);
    },
  };
}

function derive(password: string, salt: Uint8Array, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
