/** Every command of `./ludeng` with every wrong argument, as a process: a sentence, the right exit status, and no stack trace. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noiseWithHead } from '#tests/support/bad-paper.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const main = join(root, 'scanner-agent', 'cli', 'main.ts');
let place: string;

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'ludeng-commands-'));
  mkdirSync(join(place, 'folder'));
  writeFileSync(join(place, 'empty.pdf'), '');
  writeFileSync(join(place, 'noise.pdf'), noiseWithHead(1, 2, 3));
  writeFileSync(join(place, 'cases.txt'), 'not JSON');
  writeFileSync(join(place, 'shape.json'), JSON.stringify([{ file: 'a.pdf', fields: {} }]));
  writeFileSync(join(place, 'list.json'), '{}');
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}
function run(
  args: readonly string[],
  feed?: (child: ReturnType<typeof spawn>) => void,
  script = main,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: place,
      env: { ...process.env, LUDENG_DATA: join(place, 'data'), NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (part: Buffer) => (said.stdout += String(part)));
    child.stderr.on('data', (part: Buffer) => (said.stderr += String(part)));
    child.once('close', (status) => resolve({ status, ...said }));
    feed?.(child);
  });
}
function expectSentence({ stderr, stdout }: Ended): void {
  expect(stderr).toMatch(/[一-龥]{2}/);
  for (const text of [stderr, stdout]) {
    expect(text).not.toMatch(/^\s+at .*:\d+:\d+|node:internal|\bERR_[A-Z_]+\b|Error:/m);
    expect(text).not.toContain('[object Object]');
  }
}

const out = ['--json', 'out.json'];
const wrong: [args: string, words: RegExp][] = [
  ['', /^$/],
  ['nosuch', /没有命令 nosuch/],
  ['--bogus', /没有命令 --bogus/],
  ['read', /请给出文件/],
  ['read noise.pdf', /请给出文件和 --json/],
  ['read --bogus noise.pdf', /没有选项 --bogus/],
  ['read noise.pdf --json', /--json 后面要有值/],
  ['read noise.pdf --json=', /--json/],
  ['read noise.pdf --json a.json --json b.json', /--json 给了两次/],
  ['read noise.pdf --json folder', /folder：输出文件不能写入（这是文件夹）/],
  ['read noise.pdf --json folder/', /这是文件夹/],
  ['read noise.pdf --json missing/out.json', /上级文件夹不存在/],
  ['read noise.pdf --json noise.pdf/out.json', /上级不是文件夹/],
  ['read noise.pdf --json noise.pdf', /写入会毁掉它/],
  ['read noise.pdf --json /proc/out.json', /输出文件不能写入/],
  ['read noise.pdf --json out.json --certificate nosuch', /没有证件 nosuch.*business-licence/],
  ['verify', /请给出 --cases/],
  ['verify extra --cases list.json --json -', /多余的参数：extra/],
  ['verify --cases nosuch.json --json -', /nosuch\.json：没有找到文件/],
  ['verify --cases folder --json -', /folder：这是文件夹/],
  ['verify --cases empty.pdf --json -', /empty\.pdf：文件是空的/],
  ['verify --cases cases.txt --json -', /cases\.txt 不是 JSON/],
  ['verify --cases shape.json --json -', /第 1 个案例 certificate/],
  ['verify --cases list.json --json -', /list\.json 的 整个文件/],
  ['verify --cases list.json --json list.json', /写入会毁掉它/],
  ['verify-seal', /请给出/],
  ['verify-seal --page noise.pdf', /请给出/],
  ['verify-seal noise.pdf --page folder', /folder：输出文件不能写入/],
  ['verify-seal noise.pdf --page noise.pdf', /写入会毁掉它/],
  ['models', /请给出 list/],
  ['models nosuch', /请给出 list/],
  ['models add', /请给出 list/],
  ['models add nosuch', /识别模型文件不完整|文件/],
  ['models add folder --channels pink', /请给出 list|channels/],
  ['models use nosuch', /nosuch|识别模型/],
  ['models check nosuch', /nosuch|识别模型/],
  ['models list one two', /多余的参数：two/],
  ['separator', /请给出输出文件/],
  ['separator folder', /folder：输出文件不能写入/],
  ['separator missing/a.pdf', /上级文件夹不存在/],
  ['separator a.pdf b.pdf', /多余的参数：b\.pdf/],
  ['separator --bogus', /没有选项 --bogus/],
  ['doctor --jsn', /没有选项 --jsn/],
  ['doctor extra', /多余的参数：extra/],
  ['open extra', /多余的参数：extra/],
];

test.each(wrong)('ludeng %s', async (line, words) => {
  const ended = await run(line.split(' ').filter((word) => word !== ''));
  expect([ended.status, ended.stderr.match(words) !== null || words.source === '^$'], ended.stderr).toEqual([
    2,
    true,
  ]);
  if (words.source !== '^$') expectSentence(ended);
  expect(existsSync(join(place, 'out.json'))).toBe(false);
});

test('a file that cannot be read is named in its own words and in the output, and stops none of the others', async () => {
  const files = ['nosuch.pdf', 'folder', 'empty.pdf', 'noise.pdf', '/dev/zero'];
  const ended = await run(['read', ...files, ...out]);
  expectSentence(ended);
  expect(ended.status).toBe(1);
  for (const file of files) expect(ended.stderr).toContain(`${file}：`);
  const results = JSON.parse(readFileSync(join(place, 'out.json'), 'utf8')) as { error: { code: string } }[];
  rmSync(join(place, 'out.json'));
  expect(results.map(({ error }) => error.code)).toEqual([
    ...['FILE_MISSING', 'FILE_IS_FOLDER', 'FILE_EMPTY', 'FILE_UNSUPPORTED', 'FILE_NOT_PLAIN'],
  ]);
});

test('a full disk under the output is told', async () => {
  const ended = await run(['read', 'nosuch.pdf', '--json', '/dev/full']);
  expect([ended.status, /\/dev\/full：输出文件不能写入（磁盘已满）/.test(ended.stderr)]).toEqual([2, true]);
});

test('whoever reads the output may go away, and a person may interrupt: no trace of either', async () => {
  const left = await run(['help'], (child) => child.stdout?.destroy());
  expect(left.stderr).toBe('');
  const interrupted = await run(['doctor'], (child) => setTimeout(() => child.kill('SIGINT'), 2_500));
  // Before its first line it is the system that ends it, without a status.
  expect([130, 0, 1, null]).toContain(interrupted.status);
  expect(interrupted.stderr).not.toMatch(/^\s+at /m);
});

test('help says the exit statuses', async () => {
  const { status, stdout } = await run(['help']);
  expect([status, stdout.includes('退出码')]).toEqual([0, true]);
});

test.each([
  ['scripts/start.ts', ['--bogus'], /没有选项 --bogus/],
  ['scripts/start.ts', ['--data'], /--data 后面要有值/],
  ['scripts/start.ts', ['--data', 'noise.pdf', '--headless'], /数据文件夹 .*noise\.pdf 不能使用/],
  ['scripts/requirements.ts', ['--bogus'], /没有选项 --bogus/],
  ['bench/main.ts', ['nosuch'], /usage/],
  ['bench/main.ts', ['reading', '--bogus'], /--bogus/],
])('%s %s', async (script, args, words) => {
  const ended = await run(args, undefined, join(root, script));
  expect([ended.status, words.test(ended.stderr)], ended.stderr).toEqual([2, true]);
  expect(ended.stderr).not.toMatch(/^\s+at .*:\d+/m);
});
