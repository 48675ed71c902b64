import { argon2Sync, randomBytes, scryptSync } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { createPasswordHashing } from './password-hashing.ts';

it('hashes two at a time, lets a few wait, refuses the rest at once, and goes on after a burst', async () => {
  const hashing = createPasswordHashing({ atOnce: 2, maxWaiting: 3 });
  const hash = await hashing.hash('the password');
  const before = process.memoryUsage.rss();
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  const start = performance.now();
  const refusedAfter: number[] = [];
  const answers = await Promise.allSettled(
    Array.from({ length: 200 }, (_, n) =>
      hashing.verify(n % 2 === 0 ? 'the password' : 'another', hash).catch((error: unknown) => {
        refusedAfter.push(performance.now() - start);
        throw error;
      }),
    ),
  );
  clearInterval(watch);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  expect(refusedAfter).toHaveLength(195);
  // each takes 19 MB
  expect(most - before).toBeLessThan(200 * 1024 * 1024);
  expect(await hashing.verify('the password', hash)).toBe(true);
  expect(await hashing.verify('another', hash)).toBe(false);
});

it('lets those go first whose browser is known, however many others wait', async () => {
  const hashing = createPasswordHashing({ atOnce: 1, maxWaiting: 3 });
  const hash = await hashing.hash('x');
  const order: string[] = [];
  const verify = (name: string, goesFirst: boolean) =>
    hashing.verify('x', hash, { goesFirst }).then(() => order.push(name));
  await Promise.all([
    verify('first', false),
    verify('other', false),
    verify('other', false),
    verify('other', false),
    verify('known', true),
  ]);
  expect(order).toEqual(['first', 'known', 'other', 'other', 'other']);
});

it('is argon2id with 19 MiB, as Node’s own function has it', async () => {
  const hashing = createPasswordHashing();
  const hash = await hashing.hash('correct horse 密码');
  const [, algorithm, version, parameters, salt = '', tag = ''] = hash.split('$');
  expect([algorithm, version, parameters]).toEqual(['argon2id', 'v=19', 'm=19456,t=2,p=1']);
  const own = argon2Sync('argon2id', {
    message: 'correct horse 密码',
    nonce: Buffer.from(salt, 'base64'),
    ...{ parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 },
  });
  expect(own.toString('base64').replace(/=+$/, '')).toBe(tag);
  expect(await hashing.hash('correct horse 密码')).not.toBe(hash);
});

it('knows a hash of before, and that it should be raised', async () => {
  const hashing = createPasswordHashing();
  const salt = randomBytes(16);
  const options = { N: 32_768, r: 8, p: 3, maxmem: 96 * 1024 * 1024 };
  const key = scryptSync('老密码 A', salt, 32, options);
  const hash = ['scrypt', 32_768, 8, 3, salt.toString('base64url'), key.toString('base64url')].join('$');
  expect(hashing.isOutdated(hash)).toBe(true);
  expect(await hashing.verify('老密码 A', hash)).toBe(true);
  // the same letters, written wide
  expect(await hashing.verify('老密码\u3000A', hash)).toBe(true);
  expect(await hashing.verify('老密码 B', hash)).toBe(false);
  expect(hashing.isOutdated(await hashing.hash('老密码 A'))).toBe(false);
});

it('says no to a hash that is none', async () => {
  const hashing = createPasswordHashing();
  for (const hash of ['', 'plain', 'scrypt$1', '$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA'])
    expect(await hashing.verify('plain', hash), hash).toBe(false);
});
