import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createTestAuthority,
  createTestCompany,
  createTestMaterial,
  sealAs,
} from '#tests/support/sealed-material.ts';

const run = promisify(execFile);
const authority = createTestAuthority();
const company = createTestCompany(authority);
const folder = mkdtempSync(join(tmpdir(), 'ludeng-seals-'));
const good = join(folder, 'good.pdf');

const write = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

async function verify(...args: string[]): Promise<{ code: number; out: string }> {
  const main = new URL('../../scanner-agent/cli/main.ts', import.meta.url).pathname;
  const env = { ...process.env, LUDENG_DATA: folder };
  const command = [main, 'verify-seal', '--trust', join(folder, 'ca.der'), ...args];
  return run(process.execPath, command, { env, maxBuffer: 64_000_000 }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, out: error.stdout }),
  );
}

beforeAll(async () => {
  writeFileSync(join(folder, 'ca.der'), authority.certificateDer);
  writeFileSync(good, await sealAs(company, await createTestMaterial(1)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('tells of many files in their order, one line each, whatever is among them', async () => {
  const sealed = await sealAs(company, await createTestMaterial(1));
  const files = [
    good,
    write('cut.pdf', sealed.subarray(0, 30_000)),
    write('more.pdf', Buffer.concat([sealed, Buffer.from('\nx')])),
    write('deep.pdf', Buffer.from(`%PDF-1.7\n1 0 obj\n${'['.repeat(30_000)}`)),
    join(folder, 'not-there.pdf'),
    folder,
    write('empty.pdf', Buffer.alloc(0)),
    good,
  ];
  const text = await verify(...files);
  expect(text.code).toBe(1);
  const lines = text.out.trimEnd().split('\n');
  expect(lines.map((line) => line.split('\t').slice(0, 2))).toEqual(
    files.map((file) => [file === good ? '有效' : '无效', file]),
  );
  expect(lines[2]).toContain('签章之后文件又被改动');

  const { out } = await verify('--json', ...files);
  const entries = JSON.parse(out) as {
    file: string;
    valid: boolean;
    seconds: number;
    problems?: { code: string }[];
    error?: { code: string };
  }[];
  expect(entries.map(({ file }) => file)).toEqual(files);
  expect(entries.map(({ error }) => error?.code)).toEqual([
    ...Array<undefined>(4).fill(undefined),
    'FILE_MISSING',
    'FILE_MISSING',
    'FILE_EMPTY',
    undefined,
  ]);
  expect(entries[3]?.problems?.map(({ code }) => code)).toEqual(['TOO_COMPLEX']);
});

it('ends with 0 where all seals hold, and tells of a single file in full', async () => {
  expect((await verify(good, good)).code).toBe(0);
  const { code, out } = await verify(good);
  expect(code).toBe(0);
  expect(out).toContain('签章验证报告');
});
