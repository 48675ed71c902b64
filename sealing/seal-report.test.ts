import { beforeAll, expect, test } from 'vitest';
import {
  createTestAuthority,
  createTestCompany,
  createTestMaterial,
  sealAs,
  testMoment,
} from '#tests/support/sealed-material.ts';
import type { RevocationState, TrustQuestion } from './chain.ts';
import { describeSealReport, sealReportPage, sealReportText } from './seal-report.ts';
import { verifySeal } from './verify-seal.ts';

const authority = createTestAuthority();
const company = createTestCompany(authority, {
  subject: { companyName: '甲<公司>"有限"', creditCode: '91530100MA6K1234X5' },
});
const trust: TrustQuestion = { trustAnchors: [authority.certificateDer], at: testMoment };
const about = { title: '营业执照.pdf', at: testMoment, sha: 'ab'.repeat(32) };
let sealed: Uint8Array;
beforeAll(async () => {
  sealed = await sealAs(company, await createTestMaterial(2), { seam: { at: 0.5 } });
});

const results = async (pdf: Uint8Array, question = trust): Promise<Record<string, string>> =>
  Object.fromEntries(
    describeSealReport(await verifySeal(pdf, question), about).parts.flatMap(({ checks }) =>
      checks.map(({ name, result }) => [name, result]),
    ),
  );

test('a good seal passes every check but those that nothing is here for', async () => {
  expect(await results(sealed)).toEqual({
    文件可以打开且含有签章: 'pass',
    最后一次签章之后没有改动: 'pass',
    两次签章之间没有改动: 'pass',
    印章图形与骑缝章: 'pass',
    签章数据格式: 'pass',
    文件内容与签章时一致: 'pass',
    签名值: 'pass',
    证书来源与用途: 'pass',
    证书有效期: 'pass',
    证书吊销状态: 'open',
    时间戳: 'open',
  });
  const fresh = (): RevocationState => ({ kind: 'good', thisUpdate: testMoment, nextUpdate: testMoment });
  expect((await results(sealed, { ...trust, revocation: fresh }))['证书吊销状态']).toBe('pass');
});

test('what failed is named with its reason, and nothing else is', async () => {
  const changed = Buffer.from(sealed);
  changed.write('1', changed.indexOf('/MediaBox') + 12);
  expect(await results(changed)).toMatchObject({ 文件内容与签章时一致: 'fail', 签名值: 'pass' });
  expect((await results(Buffer.concat([sealed, Buffer.from('x')])))['最后一次签章之后没有改动']).toBe('fail');
  const revoked = (): RevocationState => ({ kind: 'revoked', since: testMoment });
  expect((await results(sealed, { ...trust, revocation: revoked }))['证书吊销状态']).toBe('fail');
  expect(await results(Buffer.from('no paper'))).toMatchObject({ 文件可以打开且含有签章: 'fail' });
});

test('the text says who sealed, when by whose word, and what was found', async () => {
  const text = sealReportText(describeSealReport(await verifySeal(sealed, trust), about));
  expect(text).toContain('结论：签章有效；另有 2 项未能确认：证书吊销状态、时间戳');
  expect(text).toContain('2026-11-21 17:00:00（北京时间），为签章电脑自报的时间，未经证明');
  expect(text).toContain('证书链：甲<公司>"有限" ← 测试认证中心');
});

test('the conclusion alone says why a seal is refused, or that there is none', async () => {
  const conclusion = async (pdf: Uint8Array, question = trust): Promise<string> =>
    describeSealReport(await verifySeal(pdf, question), about).conclusion;
  expect(await conclusion(sealed, { ...trust, trustAnchors: [] })).toBe(
    '签章无效：签章证书无法追溯到受信任的 CA 机构（机构不受信任，或缺少中级证书）',
  );
  expect(await conclusion(Buffer.concat([sealed, Buffer.from('x')]))).toBe('签章无效：签章之后文件又被改动');
  expect(await conclusion(await createTestMaterial(1))).toBe('无法认定签章：文件没有签章');
});

test('the page shows names as text, whatever they hold', async () => {
  const page = sealReportPage(await verifySeal(sealed, trust), { ...about, title: '<script>x</script>' });
  expect(page).toContain('甲&lt;公司&gt;&quot;有限&quot;');
  expect(page).not.toContain('<script');
});
