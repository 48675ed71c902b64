/** 项目管理 of Yunnan's quality system by its routes: works from 工改系统, changes on their rows, 竣工验收备案 and both bodies. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePerson } from '#tests/support/people.ts';
import {
  builder,
  colleague,
  contractor,
  housing,
  inPost,
  openQualityOffice,
  otherBuilder,
  otherStation,
  people,
  quality,
  station,
  workOf,
} from '#tests/support/quality-office.ts';
import type { QualityOffice } from '#tests/support/quality-office.ts';

let office: QualityOffice;
beforeAll(async () => {
  office = await openQualityOffice();
});
afterAll(() => office?.close());

const names = async (text = '', cookie = office.cookie): Promise<string[]> => {
  const query = text === '' ? '' : `?text=${encodeURIComponent(text)}`;
  const { told } = await office.ask('GET', office.at(`/works${query}`), cookie);
  return (told as unknown as { name: string }[]).map(({ name }) => name);
};
const problemsOf = (body: Record<string, unknown>): string =>
  JSON.stringify((body['details'] as { problems?: string[] } | undefined)?.problems ?? []);
/** Somebody whom his one work locks. */
async function lockedManager(): Promise<{ name: string; idNumber: string }> {
  const { name, idNumber } = makePerson('周锁定');
  const row = { id: idNumber, name, unit: contractor.code };
  await office.registers.put({ persons: [row], works: [], appointments: [] });
  const staff = [inPost({ name, idNumber }, 'project-manager')];
  expect(await office.push(workOf(`LOCK-${idNumber}`, {}, staff))).toMatchObject({ status: 200 });
  return { name, idNumber };
}
const changesOf = (told: Record<string, unknown>) =>
  told['changes'] as { source: string; by: string; recordId?: string; changes: object[] }[];

describe('工改系统', () => {
  test('YNQ-063 a work is pushed in once, however often, and shows who stands behind it', async () => {
    const push = workOf('A1', {}, [inPost(people.manager, 'project-manager')]);
    expect(await office.push(push)).toEqual({ status: 200, body: { result: 'accepted', version: 1 } });
    expect(await office.push(push)).toEqual({ status: 200, body: { result: 'repeated', version: 1 } });
    const told = await office.readWork('A1');
    expect(told).toMatchObject({
      work: {
        name: 'A1号教学楼',
        state: 'under-construction',
        units: [{ role: 'contractor', ...contractor }],
      },
      staff: [{ post: 'project-manager', name: people.manager.name }],
    });
    expect(JSON.stringify(told)).not.toContain(people.manager.idNumber);
    expect(changesOf(told).map(({ by }) => by)).toContain('工改系统');
  });

  test('YNQ-063 out of order the later state stands; other content under one number is refused', async () => {
    expect(await office.push(workOf('A2', { name: '新名' }, [], 3))).toMatchObject({ status: 200 });
    expect(await office.push(workOf('A2', { name: '旧名' }, [], 2))).toEqual({
      ...{ status: 200, body: { result: 'superseded', version: 3 } },
    });
    expect(await office.push(workOf('A2', { name: '又名' }, [], 3))).toMatchObject({
      ...{ status: 409, body: { code: 'WORK_PUSH_DIFFERS' } },
    });
    expect(await names('名')).toEqual(['新名']);
  });

  test('YNQ-063 half a work, one without a supervision body, unknown, doubled and locked persons are refused whole', async () => {
    const { supervisor: _left, ...half } = workOf('A3').work;
    expect(await office.push({ ...workOf('A3'), work: half })).toMatchObject({ status: 400 });
    expect(await office.push(workOf('A3', { supervisor: ' ' }))).toMatchObject({ status: 400 });
    const refusals = {
      人员库中没有人员: [inPost(people.stranger, 'technical-director')],
      姓名与人员库不一致: [inPost({ ...people.next, name: '另一人' }, 'technical-director')],
      在同一工程中重复: [inPost(people.next, 'technical-director'), inPost(people.next, 'safety-officer')],
      '没有这种岗位：driver': [inPost(people.next, 'driver')],
      已被锁定: [inPost(await lockedManager(), 'project-manager')],
    };
    for (const [words, staff] of Object.entries(refusals)) {
      const { status, body } = await office.push(workOf('A3', {}, staff));
      expect([words, status, body['code']]).toEqual([words, 422, 'WORK_PUSH_REFUSED']);
      expect(problemsOf(body)).toContain(words);
      expect(JSON.stringify(body)).not.toContain(people.next.idNumber);
    }
    expect(await names('A3')).toEqual([]);
    expect(await office.push(workOf('A3'), 'another-token-than-that')).toMatchObject({ status: 401 });
    expect(await names('A3')).toEqual([]);
  });

  test('YNQ-063 a person pushes a work from the page of the sandbox, and reads what the server said', async () => {
    const press = async (values: Record<string, string>): Promise<string> => {
      const { work } = workOf('A4', { name: '沙箱推送的工程' });
      const answer = await fetch(`${office.outside.url}/approval-works`, {
        method: 'POST',
        body: new URLSearchParams({
          ...{ server: office.server.url, programme: quality, version: '1', id: 'A4', name: work.name },
          ...{ unit: work.unit, authority: work.authority, supervisor: work.supervisor, ...values },
        }),
      });
      return answer.text();
    };
    expect(
      await press({ person: people.stranger.idNumber, personName: '王无名', post: 'safety-officer' }),
    ).toContain('人员库中没有人员');
    expect(await names('沙箱推送的工程')).toEqual([]);
    expect(await press({})).toContain('服务器已接收：accepted，版本 1');
    expect(await names('沙箱推送的工程')).toEqual(['沙箱推送的工程']);
    expect(await press({ server: 'http://elsewhere.example' })).toContain('没有推送');
  });

  test('YNQ-063 a permit number that another work has is refused, also where two works come with it at one moment', async () => {
    const [first, second, third] = ['A5', 'A6', 'A7'].map((id) => workOf(id, { permitNumber: 'PERMIT-A5' }));
    if (!first || !second || !third) throw new Error('three works');
    const together = await Promise.all([office.push(first), office.push(second)]);
    expect(together.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const { body } = await office.push(third);
    expect(body).toMatchObject({ code: 'WORK_PERMIT_TAKEN' });
    const held = await Promise.all(['A5', 'A6', 'A7'].map((id) => names(id)));
    expect(held.filter((found) => found.length > 0)).toHaveLength(1);
  });
});

describe('工程报监', () => {
  test('YNQ-064 YNQ-070 a unit finds its own works by name and numbers, and never another’s', async () => {
    await office.push(workOf('B1', { name: '滇池大桥', contractNumber: 'ＨＴ 2026 001' }));
    await office.push(workOf('B2', { name: '翠湖大厦', unit: otherBuilder.code }));
    expect(await names()).toContain('滇池大桥');
    expect(await names()).not.toContain('翠湖大厦');
    expect(await names('ht2026001')).toEqual(['滇池大桥']);
    expect(await names('%')).toEqual([]);
    expect((await office.ask('GET', office.at('/works/B2'), office.cookie)).code).toBe('WORK_UNKNOWN');
    const theirs = await office.withKey(otherBuilder);
    expect(await names('', theirs)).toEqual(['翠湖大厦']);
    expect((await office.begin('work-permit', 'B2', {})).begun.code).toBe('WORK_UNKNOWN');
  });

  test('YNQ-065 补录施工许可证: the number stands on the work, the record in its history; one that exists is refused', async () => {
    await office.push(workOf('C1'));
    await office.push(workOf('C2'));
    const permit = { permitNumber: '5301 2026 0001', permitDate: '2026-05-01' };
    const { id } = await office.begin('work-permit', 'C1', permit, ['permit']);
    expect(await office.handIn(id)).toMatchObject({ status: 200, told: { problems: {}, record: id } });
    const told = await office.workAfter(id, 'C1');
    expect(told['work']).toMatchObject({
      permitNumber: '530120260001',
      details: { permitDate: '2026-05-01' },
    });
    expect(changesOf(told)[0]).toMatchObject({ source: 'record', recordId: id });
    // typed in full-width digits it is the same number
    const second = await office.begin(
      'work-permit',
      'C2',
      { ...permit, permitNumber: '５３０１２０２６０００１' },
      ['permit'],
    );
    const refused = await office.handIn(second.id);
    expect([refused.code, refused.told['message']]).toEqual(['GUARD_REFUSED', expect.anything()]);
    expect(JSON.stringify(refused.told)).toContain('该施工许可证编号已登记在其他工程');
    const { told: list } = await office.ask('GET', office.at('/records?kind=work-permit'), office.cookie);
    expect(list).toMatchObject([{ isDraft: true }, { isDraft: false }]);
  });

  test('YNQ-066 变更工程信息: begins as what stands, and what was altered is told with before and after', async () => {
    await office.push(workOf('D1'));
    const { id, begun } = await office.begin('work-information', 'D1', {
      ...{ name: '新教学楼', address: '昆明市呈贡区', reason: '规划调整', work: 'B2', workName: '别的工程' },
    });
    expect(begun.told['form']).toMatchObject({ work: 'D1', workName: 'D1号教学楼', address: '昆明市五华区' });
    expect(await office.handIn(id)).toMatchObject({ status: 200, told: { problems: {} } });
    const told = await office.workAfter(id, 'D1');
    expect(told['work']).toMatchObject({ name: '新教学楼' });
    expect(changesOf(told)[0]).toMatchObject({
      recordId: id,
      changes: [
        { what: 'name', before: 'D1号教学楼', after: '新教学楼' },
        { what: 'address', before: '昆明市五华区', after: '昆明市呈贡区' },
      ],
    });
  });

  test('YNQ-067 变更工程人员: one leaves and another comes; unknown, doubled and locked persons are refused in words', async () => {
    await office.push(workOf('E1', {}, [inPost(people.officer, 'safety-officer')]));
    const change = (form: Record<string, string>) =>
      office.begin('work-personnel', 'E1', { post: 'safety-officer', reason: '岗位调整', ...form });
    const by = ({ name, idNumber }: { name: string; idNumber: string }) => ({
      ...{ personName: name, person: idNumber },
    });
    const refusals: [Record<string, string>, string][] = [
      [by(people.stranger), '人员库中没有该人员'],
      [by({ ...people.next, name: '另一人' }), '姓名与身份证号不一致'],
      [by(people.officer), '该人员已在本工程任职，不能重复填报'],
      [by(await lockedManager()), '该人员已被锁定，不能参与新的在建工程'],
      [{ ...by(people.next), personBefore: people.manager.idNumber }, '变更前人员未在本工程担任该岗位'],
    ];
    for (const [form, words] of refusals) {
      const refused = await office.handIn((await change(form)).id);
      expect([words, refused.code]).toEqual([words, 'GUARD_REFUSED']);
      expect(JSON.stringify(refused.told)).toContain(words);
    }
    const { id } = await change({ ...by(people.next), personBefore: people.officer.idNumber });
    expect(await office.handIn(id)).toMatchObject({ status: 200, told: { problems: {} } });
    const told = await office.workAfter(id, 'E1');
    expect(told['staff']).toMatchObject([{ post: 'safety-officer', name: people.next.name }]);
    expect(told['staff']).toHaveLength(1);
    expect(changesOf(told).filter(({ recordId }) => recordId === id)).toHaveLength(2);
  });

  test('YNQ-068 变更参建单位: another unit takes the place; the own unit is refused', async () => {
    await office.push(workOf('F1'));
    const change = (name: string, code: string) =>
      office.begin('work-units', 'F1', {
        ...{ unitRole: 'contractor', unitName: name, unitCode: code, reason: '重新招标' },
      });
    const refused = await office.handIn((await change(builder.name, builder.code)).id);
    expect(JSON.stringify(refused.told)).toContain('参建单位不能是本单位');
    const { id } = await change(otherBuilder.name, otherBuilder.code);
    expect(await office.handIn(id)).toMatchObject({ status: 200, told: { problems: {} } });
    const told = await office.workAfter(id, 'F1');
    expect((told['work'] as { units: object[] }).units).toEqual([
      { role: 'contractor', name: otherBuilder.name, code: otherBuilder.code },
    ]);
    expect(changesOf(told)[0]).toMatchObject({ recordId: id });
  });
});

const filing = {
  ...{ startedOn: '2025-01-01', acceptedOn: '2026-10-01', conclusion: '合格' },
  ...{ contactName: '李联系', contactPhone: '13800138000' },
};
const papers = ['report', 'filing-form'];
async function report(work: string): Promise<string> {
  await office.push(workOf(work, { permitNumber: `PERMIT-${work}` }));
  const { id } = await office.begin('completion-filing', work, filing, papers);
  expect(await office.handIn(id)).toMatchObject({ status: 200, told: { problems: {} } });
  return id;
}
const standing = async (record: string): Promise<string | undefined> => {
  const { told } = await office.ask('GET', office.at(`/records/${record}`), office.cookie);
  return (told['summary'] as { cases?: { text: string }[] }).cases?.at(-1)?.text;
};
const decideAs = (who: { id: string }, id: string, decision: string, opinion = '') =>
  office.desk(who, 'POST', `/api/cases/${id}/decisions`, { step: 'review', decision, opinion });

describe('竣工验收备案', () => {
  test('YNQ-069 YNQ-071 YNQ-075 it asks for fields and papers, a permit and days in their order', async () => {
    await office.push(workOf('G1'));
    const bare = await office.begin('completion-filing', 'G1', {});
    const { told } = await office.handIn(bare.id);
    const problems = Object.keys(told['problems'] as object);
    expect(problems).toContain('form.acceptedOn');
    expect(problems).toContain('files.report');
    const early = await office.begin(
      'completion-filing',
      'G1',
      { ...filing, acceptedOn: '2024-01-01' },
      papers,
    );
    const refused = JSON.stringify((await office.handIn(early.id)).told);
    expect(refused).toContain('请先补录施工许可证');
    expect(refused).toContain('竣工验收日期须晚于实际开工日期');
  });

  for (const [who, other, rows] of [
    [station, housing, 'YNQ-072 YNQ-077 YNQ-078'],
    [housing, station, 'YNQ-072 YNQ-078'],
  ] as const)
    test(`${rows} both bodies of the work receive it, ${who.department} approves, and it is closed for both`, async () => {
      const work = `H-${who.id}`;
      const record = await report(work);
      const id = await office.caseFor(who, record);
      expect(await office.caseFor(other, record)).toBe(id);
      expect((await office.desk(otherStation, 'GET', `/api/cases/${id}`)).code).toBe('NOT_FOUND');
      expect(await decideAs(who, id, 'approve', '材料齐全')).toMatchObject({ status: 200 });
      const seen = await office.desk(other, 'GET', `/api/cases/${id}`);
      expect(JSON.stringify(seen.told)).toContain('材料齐全');
      expect((await decideAs(other, id, 'refuse', '不同意')).code).toBe('CASE_CLOSED');
      expect(await standing(record)).toBe('业务办结');
      expect((await office.readWork(work))['work']).toMatchObject({ state: 'finished' });
      const again = await office.begin('completion-filing', work, filing, papers);
      expect(JSON.stringify((await office.handIn(again.id)).told)).toContain('该工程已竣工');
    });

  test('YNQ-072 a refusal says why, closes nothing of the work, and a claim keeps colleagues and not the other body off', async () => {
    const record = await report('K1');
    const id = await office.caseFor(station, record);
    const holding = (who: { id: string }, what: 'claim' | 'release') =>
      office.desk(who, 'POST', `/api/cases/${id}/${what}`, { step: 'review' });
    expect(await holding(station, 'claim')).toMatchObject({ status: 200 });
    expect((await holding(colleague, 'claim')).code).toBe('CASE_CLAIMED');
    expect(await holding(station, 'release')).toMatchObject({ status: 200 });
    expect(await holding(colleague, 'claim')).toMatchObject({ status: 200 });
    expect((await decideAs(station, id, 'approve')).code).toBe('CASE_CLAIMED');
    expect(await decideAs(housing, id, 'refuse', '缺少消防验收文件')).toMatchObject({ status: 200 });
    expect(await standing(record)).toBe('审核不通过');
    expect((await office.readWork('K1'))['work']).toMatchObject({ state: 'under-construction' });
  });

  test('YNQ-078 of two bodies that decide in the same second one does', async () => {
    const record = await report('L1');
    const id = await office.caseFor(station, record);
    await office.caseFor(housing, record);
    const answers = await Promise.all([
      decideAs(station, id, 'approve'),
      decideAs(housing, id, 'refuse', '资料不全'),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });
});

describe('企业基本信息', () => {
  test('YNQ-012 YNQ-014 保存 keeps it, a change keeps what was before, and another unit has its own', async () => {
    const form = {
      ...{ legalRepresentative: '王建国', address: '昆明市五华区人民中路1号' },
      ...{ contactName: '李联系', contactPhone: '13800138000' },
    };
    const { id } = await office.begin('basic-info', '', form);
    expect(await office.handIn(id)).toMatchObject({ status: 200, told: { problems: {}, record: id } });
    const params = office.at(`/records/${id}/draft`);
    const draft = (await office.ask('POST', params, office.cookie)).told as {
      id: string;
      revision: number;
      answers: [];
      papers: object;
      form: object;
    };
    await office.ask('PUT', office.at(`/drafts/${draft.id}`), office.cookie, {
      ...{ answers: draft.answers, papers: draft.papers, revision: draft.revision },
      form: { ...draft.form, address: '昆明市呈贡区' },
    });
    await office.handIn(draft.id);
    const { told } = await office.ask('GET', office.at('/records?kind=basic-info'), office.cookie);
    expect(told).toMatchObject([{ summary: { form: { address: '昆明市呈贡区', unitName: builder.name } } }]);
    const read = await office.ask('GET', office.at(`/records/${draft.id}`), office.cookie);
    expect(read.told['versions']).toHaveLength(2);
    const theirs = await office.ask(
      'GET',
      `/api/portals/${quality}/records?kind=basic-info`,
      await office.withKey(otherBuilder),
    );
    expect(theirs.told).toEqual([]);
  });
});
