/** `./ludeng verify`: cases in, lights with reasons and scores out, in the same order. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { verifyCases } from '../../scanner-agent/cli/verify.ts';
import { readAgentPaths } from '../../scanner-agent/settings.ts';
import { drawPage, encode, licenceLines } from './paper/pictures.ts';

const resultsSchema = z.array(
  z.object({
    file: z.string(),
    light: z.enum(['green', 'yellow', 'red']),
    fields: z.record(
      z.string(),
      z.object({ light: z.string().nullable(), reason: z.string(), score: z.number().nullable() }),
    ),
    error: z.object({ code: z.string() }).optional(),
  }),
);

test('judges each case by the rules of the counter, and a file that is not there stops no other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ludeng-verify-'));
  try {
    const file = join(folder, 'page.png');
    await writeFile(
      file,
      await encode(await drawPage(licenceLines, { frame: true }))
        .png()
        .toBuffer(),
    );
    const claims = (companyName: string, certificateNumber: string) => ({
      file,
      certificate: 'construction-qualification',
      fields: { companyName: { value: companyName }, certificateNumber: { value: certificateNumber } },
    });
    const cases = [
      claims('辽宁恒泰建设工程有限公司', 'D221045678'),
      { ...claims('', ''), file: join(folder, 'missing.png') },
      claims('辽宁恒泰建设工程有限公司', 'D221045679'),
    ];
    const [asked, answered] = [join(folder, 'cases.json'), join(folder, 'out.json')];
    await writeFile(asked, JSON.stringify(cases));
    const paths = { ...readAgentPaths({}), dataFolder: folder };
    expect(await verifyCases({ ...paths, cases: asked, output: answered })).toBe(1);
    const results = resultsSchema.parse(JSON.parse(await readFile(answered, 'utf8')));
    expect(results.map(({ file: of, light }) => [of, light])).toEqual([
      [file, 'green'],
      [join(folder, 'missing.png'), 'red'],
      [file, 'red'],
    ]);
    expect(results[1]?.error?.code).toBe('FILE_MISSING');
    const [right, , forged] = results;
    expect(right?.fields['certificateNumber']?.score).toBeGreaterThan(0.9);
    expect(forged?.fields['companyName']?.light).toBe('green');
    expect(forged?.fields['certificateNumber']).toMatchObject({ light: 'red' });
    expect(forged?.fields['certificateNumber']?.reason).toContain('D221045678');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
