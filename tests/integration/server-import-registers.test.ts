/** 登记簿 of a province that does not start empty: persons, works and appointments from files, by the administrator's command. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  contractor,
  newId,
  personHeader,
  personsMade,
  readReport,
  registerFiles,
  supervision,
  table,
  workRow,
} from '#tests/support/register-files.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { OpenStore } from '../../sync-server/store/open-store.ts';
import { createRegisterRows, endAppointment } from '../../sync-server/store/register-rows.ts';
import { readWorks } from '../../sync-server/store/work-writing.ts';
import { makeDataFolder, testSettings } from './server-support.ts';

const data = makeDataFolder();
let store: OpenStore;
let settings: Awaited<ReturnType<typeof storeSettings>>;
beforeAll(async () => {
  settings = await storeSettings(data.folder);
  store = await openStore({ folder: data.folder, ...settings });
});
afterAll(async () => {
  await store.close();
  data.remove();
});

const { keep, persons, works, posts } = registerFiles(data.folder);

const command = (...args: string[]): Promise<string> =>
  administer(serverSettingsSchema.parse(testSettings(data.folder, settings)), [...args]);
/** Outcome and reason of each line, and what the command said. */
async function run(files: string[], ...more: string[]): Promise<{ said: string; lines: string[] }> {
  const report = join(data.folder, 'report.csv');
  const said = await command('import-registers', ...files, '--report', report, ...more);
  const lines = readReport(report).map(({ line, outcome, because }) =>
    `${line} ${outcome} ${because}`.trim(),
  );
  return { said, lines };
}
const write = (files: string[]) => run(files, '--write');
const everything = async (): Promise<unknown> => ({
  entries: await store.db.selectFrom('register_entry').selectAll().orderBy('stream').orderBy('seq').execute(),
  locks: await store.db.selectFrom('person_lock').selectAll().orderBy('person').execute(),
  changes: await store.db.selectFrom('work_change').selectAll().orderBy('id').execute(),
  operations: await store.db.selectFrom('log_line').select('number').orderBy('number').execute(),
});
const lockedIn = async (person: string): Promise<string[]> =>
  (await store.db.selectFrom('person_lock').select('post').where('person', '=', person).execute()).map(
    ({ post }) => post,
  );

test('a trial says what would be taken and writes nothing; written, the appointed are locked; repeated, nothing changes', async () => {
  const [manager, chief] = [newId(), newId()];
  const files = [
    // in the wrong order, on purpose
    posts('任职.csv', [
      [manager, '王建', 'A1', '项目经理', '2025-03-01', '', ''],
      [chief, '李监', 'A1', '项目总监', '2025年3月1日', '', ''],
    ]),
    works('工程.csv', [workRow('A1', { permit: '５３０１ 2025-A1' })]),
    persons('人员.csv', [
      [manager, '王建', contractor],
      [chief, '李监', supervision],
    ]),
  ];
  const before = await everything();
  const trial = await run(files);
  expect(trial.lines).toEqual(['2 可写入', '3 可写入', '2 可写入', '2 可写入', '3 可写入']);
  expect(trial.said).toContain('没有写入任何内容');
  expect(await everything()).toEqual(before);

  const written = await write(files);
  expect(written.said).toContain('任职 2 行：已写入 2，已有 0，未接收 0');
  expect([await lockedIn(manager), await lockedIn(chief)]).toEqual([['project-manager'], []]);
  const [work] = await store.db.selectFrom('registered_work').selectAll().where('id', '=', 'A1').execute();
  expect(work).toMatchObject({ permit_number: '53012025-A1', details: '{"address":"昆明市,五华区"}' });

  const standing = await everything();
  const again = await write(files);
  expect(new Set(again.lines.map((line) => line.slice(2)))).toEqual(new Set(['已有，不变']));
  expect(await everything()).toEqual(standing);
  expect(await command('rebuild-registers')).toContain('逐字节一致');
});

test('what has been decided since stays: ended appointments do not begin again, altered works are not set back', async () => {
  const id = newId();
  const name = `B${personsMade()}`;
  const files = [
    persons('人员.csv', [[id, '赵工', contractor]]),
    works('工程.csv', [workRow(name)]),
    posts('任职.csv', [[id, '赵工', name, '安全员', '2025-03-01', '', '']]),
  ];
  await write(files);
  const office = await store.db
    .selectFrom('appointment')
    .select('id')
    .where('person', '=', id)
    .executeTakeFirst();
  // as decisions leave them: in the log and in the rows
  const at = '2026-11-30T00:00:00.000Z';
  await store.db
    .transaction()
    .execute((trx) =>
      endAppointment(trx, { person: id, work: name, post: 'safety-officer' }, { rules: [], at }),
    );
  const [work] = await readWorks(store.db, [name]);
  const renamed = work ? [{ ...work, name: '改名' }] : [];
  await createRegisterRows(store.db, []).put({ persons: [], works: renamed, appointments: [] });
  const again = await write(files);
  expect(again.lines).toEqual(['2 已有，不变', '2 已有，不变', '2 已有，不变']);
  const rows = await store.db.selectFrom('appointment').selectAll().where('person', '=', id).execute();
  expect(rows).toMatchObject([{ id: office?.id, ended_at: at }]);
  // another file that says otherwise is refused with words, and alters nothing either
  const other = await write([
    persons('人员2.csv', [[id, '赵功', contractor]]),
    works('工程2.csv', [[...workRow(name).slice(0, 1), '另一工程', ...workRow(name).slice(2)]]),
  ]);
  expect(other.lines).toEqual([
    '2 未接收 登记簿中该身份证号已是另一姓名或单位',
    '2 未接收 登记簿中该工程编号的内容不同',
  ]);
});
test('lines with a fault are refused each with its reason, and the good ones between them are taken', async () => {
  const [good, second, nobody] = [newId(), newId(), newId()];
  const wrong = `${good.slice(0, 17)}${good.endsWith('1') ? '2' : '1'}`;
  const name = `C${personsMade()}`;
  const people = await write([
    persons('人员.csv', [
      [wrong, '钱一', contractor],
      [good, '钱二', contractor],
      ['5.3010219900101E+17', '钱三', contractor],
      [second, '钱四', `${contractor.slice(0, 17)}${contractor.endsWith('1') ? '2' : '1'}`],
      [second, '', contractor],
      [
        second.replace(/./gu, (sign) =>
          /\d/u.test(sign) ? String.fromCharCode(sign.charCodeAt(0) + 0xfee0) : sign,
        ),
        '钱五',
        contractor,
        '',
        '',
      ],
      [second, '钱五', contractor, '多一格'],
      [good, '钱贰', contractor],
    ]),
  ]);
  const idNumber = '未接收 身份证号：身份证号不正确（校验位、日期或地区不符）';
  expect(people.lines).toEqual([
    ...[`2 ${idNumber}`, '3 已写入', `4 ${idNumber}`],
    '5 未接收 单位统一社会信用代码：统一社会信用代码不正确（校验位不符）',
    ...['6 未接收 姓名：必填项是空的', '7 已写入', '8 未接收 列数与表头不符'],
    '9 未接收 登记簿中该身份证号已是另一姓名或单位',
  ]);
  const sites = await write([
    works('工程.csv', [
      workRow(name, { permit: `P-${name}` }),
      workRow(`${name}b`, { permit: `ｐ－${name}` }),
      workRow(`${name}c`, { state: '停工' }),
      workRow(`${name}d`).map((cell) => (cell === '昆明市质量安全监督站' ? '' : cell)),
      workRow(`${name}e`, { state: '竣工' }),
    ]),
  ]);
  expect(sites.lines).toEqual([
    ...['2 已写入', '3 未接收 该施工许可证编号已登记在其他工程', '4 未接收 工程状态：工程状态不明'],
    ...['5 未接收 监督机构：必填项是空的', '6 已写入'],
  ]);
  const held = await write([
    posts('任职.csv', [
      [nobody, '无名', name, '项目经理', '2025-01-01', '', ''],
      [good, '另名', name, '项目经理', '2025-01-01', '', ''],
      [good, '钱二', 'NONE', '项目经理', '2025-01-01', '', ''],
      [good, '钱二', name, '门卫', '2025-01-01', '', ''],
      [good, '钱二', name, '项目经理', '2025-02-30', '', ''],
      [good, '钱二', name, '项目经理', '2999-01-01', '', ''],
      [good, '钱二', name, '项目经理', '2025-01-01', '2024-01-01', ''],
      [good, '钱二', name, '项目经理', '2025-01-01', '', '也许'],
      [good, '钱二', name, '项目经理', '2025-01-01', '', ''],
      [good, '钱二', name, '安全员', '2025-01-01', '', ''],
      [good, '钱二', `${name}e`, '安全员', '2024-01-01', '2024-06-01', ''],
    ]),
  ]);
  expect(held.lines).toEqual([
    ...['2 未接收 登记簿中没有这个人', '3 未接收 姓名与登记簿不一致', '4 未接收 登记簿中没有这个工程'],
    ...['5 未接收 岗位：没有这种岗位', '6 未接收 任职日期：日期不正确'],
    ...['7 未接收 任职日期：日期在今天之后，或离任早于任职'],
    ...['8 未接收 离任日期：日期在今天之后，或离任早于任职', '9 未接收 存量：存量一栏不明'],
    ...['10 已写入', '11 未接收 该人员在同一工程中已有岗位', '12 已写入'],
  ]);
});

test('over the limit is refused unless the line declares what stood before; one contract counts once however it is typed', async () => {
  const [officer, shared] = [newId(), newId()];
  const name = `D${personsMade()}`;
  const own = works('工程.csv', [
    workRow(`${name}a`, { contract: `HT-${name}` }),
    workRow(`${name}b`, { contract: ` ｈｔ－${name} ` }),
    workRow(`${name}c`),
    workRow(`${name}d`),
  ]);
  const of = (who: string, title: string, work: string, stock = ''): string[] => [
    who,
    title,
    `${name}${work}`,
    '安全员',
    '2025-01-01',
    '',
    stock,
  ];
  const files = [
    own,
    persons('人员.csv', [
      [officer, '孙安', contractor],
      [shared, '孙合', contractor],
    ]),
    posts('任职.csv', [
      of(officer, '孙安', 'c'),
      of(officer, '孙安', 'd'),
      of(officer, '孙安', 'd', '是'),
      of(shared, '孙合', 'a'),
      of(shared, '孙合', 'b'),
      of(shared, '孙合', 'c'),
    ]),
  ];
  const locked = '未接收 该人员已被锁定，不能承担新的在建工程';
  const wanted = (taken: string): string[] => [
    ...[`2 ${taken}`, `3 ${locked}`, `4 ${taken}（存量，超过限额，人员锁定）`],
    ...[`5 ${taken}`, `6 ${taken}`, `7 ${locked}`],
  ];
  // a trial judges each line as if those before it were written
  expect((await run(files)).lines.slice(-6)).toEqual(wanted('可写入'));
  expect((await write(files)).lines.slice(-6)).toEqual(wanted('已写入'));
  const counted = await store.db.selectFrom('person_lock').selectAll().where('person', '=', shared).execute();
  expect(JSON.parse(counted[0]?.body ?? '{}')).toMatchObject({ counted: [`HT-${name}`.toUpperCase()] });
  expect(await lockedIn(officer)).toEqual(['safety-officer']);
  expect(await command('rebuild-registers')).toContain('逐字节一致');
});

test('GB18030, a mark at the beginning, semicolons and tabs are read as they are meant', async () => {
  const [marked, tabbed] = [newId(), newId()];
  // 身份证号;姓名;单位统一社会信用代码 and 张三 as a spreadsheet of Windows writes them
  const gb = Buffer.concat([
    Buffer.from('c9edb7ddd6a4bac53bd0d5c3fb3bb5a5cebbcdb3d2bbc9e7bbe1d0c5d3c3b4fac2eb0d0a', 'hex'),
    Buffer.from(`${newId()};`),
    Buffer.from('d5c5c8fd', 'hex'),
    Buffer.from(`;${contractor}\r\n`),
  ]);
  const { said } = await write([
    keep('gb.csv', gb),
    keep('mark.csv', `\ufeff${table([personHeader, [marked, '李四', contractor]])}`),
    keep('tabs.txt', [personHeader, [tabbed, '王五', contractor]].map((row) => row.join('\t')).join('\r\n')),
  ]);
  expect(said).toContain('人员 3 行：已写入 3');
  const names = await store.db.selectFrom('registered_person').select('name').execute();
  expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(['张三', '李四', '王五']));
});

test('a file that cannot be understood stops everything before anything is written', async () => {
  const good = persons('人员.csv', [[newId(), '周一', contractor]]);
  // 张三 as a spreadsheet of Windows writes it, put behind lines of UTF-8
  const mixed = Buffer.concat([
    Buffer.from(`${table([personHeader, [newId(), '李四', contractor]])}\n${newId()},`),
    Buffer.from('d5c5c8fd', 'hex'),
    Buffer.from(`,${contractor}\n`),
  ]);
  const before = await everything();
  for (const [file, words] of [
    [join(data.folder, 'none.csv'), /没有这个文件/],
    [keep('表.xlsx', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)), /CSV UTF-8/],
    [keep('else.csv', '姓名,电话\n甲,1'), /不是人员、工程、任职/],
    [keep('empty.csv', '\n \r\n'), /文件是空的/],
    [keep('less.csv', '姓名,身份证号,民族\n'), /人员表缺少“单位统一社会信用代码”列/],
    [keep('lesser.csv', '身份证号,工程编号,岗位\n'), /任职表缺少“姓名”“任职日期”列/],
    [keep('quote.csv', '"身份证号,姓名,单位统一社会信用代码\n'), /没有结束的引号.*检查这一行的引号/],
    [
      keep('endless.csv', `身份证号,姓名,单位统一社会信用代码,${'长'.repeat(3_000_000)}`),
      /没有“长{100}”这一列/,
    ],
    [keep('mixed.csv', mixed), /第 3 行的文字与第一行不是同一种编码，或已损坏；.*另存为“CSV UTF-8”/],
    [keep('more.csv', '身份证号,姓名,单位统一社会信用代码,民族\n'), /没有“民族”这一列/],
    [keep('twice.csv', '身份证号,姓名,姓名,单位统一社会信用代码\n'), /“姓名”一列出现了两次/],
  ] as const)
    await expect(write([good, file])).rejects.toThrow(words);
  await expect(command('import-registers')).rejects.toThrow('缺少要导入的文件');
  await expect(command('import-registers', good, '--programme', 'none')).rejects.toThrow(
    'yunnan-quality-safety',
  );
  expect(await everything()).toEqual(before);
});

test('a line that is spoilt is refused by itself, with what to do, and those around it are taken', async () => {
  const row = (name: string): string[] => [newId(), name, contractor];
  const { lines } = await write([
    persons('spoilt.csv', [
      row('郑好'),
      // what the characters of a file cannot hold, and what was read in other ones once
      ...[row('郑?'), row('郑\ufffd'), row('郑\u0001五')],
      row('长'.repeat(1_000_000)),
      [...row('郑多'), ...Array.from({ length: 100_000 }, () => '格')],
      row('"郑六"号'),
      row('"郑七'),
      row('八"'),
      row('郑九'),
      row('"郑十'),
      row('郑末'),
    ]),
  ]);
  const garbled = '未接收 姓名：有认不出的字（乱码或问号）';
  expect(lines).toEqual([
    ...['2 已写入', `3 ${garbled}`, `4 ${garbled}`, `5 ${garbled}`],
    ...['6 未接收 姓名：内容太长', '7 未接收 列数与表头不符', '8 未接收 引号后面还有内容'],
    // a quote at one line that ends at the next ties them together
    ...['9 未接收 姓名：单元格里有换行', '11 已写入'],
    '12 未接收 从这一行起有没有结束的引号，后面的行没有读到',
  ]);
});
