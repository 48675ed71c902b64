/** 人员解锁申请 (YNQ-023 to YNQ-033) at the counter and at the desk: a form with an attachment, and no paper that is read. */

import { hash } from 'node:crypto';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getProgramme } from '#domain/catalogue/lookup.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { signInAtDesk } from '#tests/support/desk-client.ts';
import { readStoredBlob, storeSettings } from '#tests/support/server-stores.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { createRegisterRows } from '../../sync-server/store/register-rows.ts';

const programme = 'yunnan-quality-safety';
const person = '11010519491231002X';
const slot = 'application';
const pdf = new TextEncoder().encode('%PDF-1.7\n建设工程项目人员解锁申请表\n%%EOF\n');
let picture: Uint8Array;
let whole: WholeStation;
let key: { tokenId: string; certificateId: string };
let id: string;

beforeAll(async () => {
  picture = await sharp({ create: { width: 40, height: 60, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  whole = await startWholeStation({ profile: { programme } });
  const [token] = await whole.station.call('tokens');
  const certificate = token?.certificates.find(({ use }) => use === 'sign');
  if (!token || !certificate) throw new Error('no token is plugged in');
  key = { tokenId: token.id, certificateId: certificate.id };
  await whole.station.call('login', { body: { ...key, pin: demoPin } });
  await whole.station.call('role', { body: { role: 'contractor' } });
});
afterAll(() => whole?.close());

const now = (): Promise<LudengRecord> => whole.station.call('record', { params: { id } });
async function attach(name: string, body: Uint8Array, attachment = slot): Promise<LudengRecord> {
  const query = { revision: String((await now()).revision), name };
  return whole.station.call('attach', { params: { id, attachment }, query, body });
}
async function fill(values: Record<string, string>): Promise<LudengRecord> {
  return whole.station.call('editForm', {
    params: { id },
    body: { revision: (await now()).revision, form: { ...(await now()).form, ...values } },
  });
}
async function report(): Promise<LudengRecord> {
  return whole.station.call('submit', {
    params: { id },
    body: { revision: (await now()).revision, key: { ...key, pin: demoPin } },
  });
}
const until = (state: LudengRecord['state']) =>
  eventually(`the record is ${state}`, async () => {
    const record = await now();
    return record.state === state ? record : undefined;
  });
const serverFolder = () => join(whole.folder, 'server');

/** As an import of the registers: a project manager of this unit, whom his one work locks. */
async function lock(unit: string): Promise<void> {
  const folder = serverFolder();
  const store = await openStore({ ...(await storeSettings(folder)), folder, beside: true });
  const rules = getProgramme(loadCatalogue(), programme).locks ?? [];
  await createRegisterRows(store.db, rules).put({
    persons: [{ id: person, name: '张项目', unit }],
    works: [
      {
        ...{ id: 'w1', name: '滇池大桥', state: 'under-construction', unit },
        ...{ authority: '市住建局', supervisor: '市质监站' },
      },
    ],
    appointments: [
      { id: 'a1', person, work: 'w1', post: 'project-manager', from: '2026-01-01T00:00:00.000Z' },
    ],
  });
  await store.close();
}

test('YNQ-024 YNQ-029 without its form the application is not reported, and says which attachment is missing', async () => {
  ({ id } = await whole.station.call('createRecord', { body: { kind: 'person-unlock', answers: {} } }));
  await fill({ personName: '张项目', person, reason: '工程已竣工验收' });
  const error = await report().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'ATTACHMENT_MISSING',
    details: { missing: ['建设工程项目人员解锁申请表'] },
  });
  expect(await now()).toMatchObject({ state: 'draft', materials: [] });
});

test('a file that is neither picture nor PDF is refused with what to bring, and so is one in a place that the kind has not', async () => {
  const before = await now();
  for (const bad of ['MZ a program', 'PK\u0003\u0004 a document', '<svg></svg>', 'x%PDF-1.7'])
    await expect(attach('申请表.pdf', new TextEncoder().encode(bad))).rejects.toMatchObject({
      code: 'ATTACHMENT_UNSUPPORTED',
      details: { attachment: '建设工程项目人员解锁申请表' },
      cause: { action: expect.stringContaining('PDF') as unknown },
    });
  await expect(attach('空.pdf', new Uint8Array())).rejects.toMatchObject({ code: 'FILE_EMPTY' });
  await expect(attach('申请表.pdf', pdf, 'other')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await now()).toEqual(before);
});

test('PDF and picture are kept with their bytes; the same file again changes nothing', async () => {
  await attach('申请表.pdf', pdf);
  await attach('盖章页.png', picture);
  const { attachments = [] } = await attach('申请表 (2).pdf', pdf);
  expect(attachments.map(({ name, mime }) => [name, mime])).toEqual([
    ['申请表.pdf', 'application/pdf'],
    ['盖章页.png', 'image/png'],
  ]);
  for (const [index, { sha }] of attachments.entries()) {
    const answer = await whole.station.call('attachment', { params: { id, attachment: slot, sha } });
    expect(Buffer.from(await answer.arrayBuffer()).equals([pdf, picture][index] ?? pdf)).toBe(true);
  }
});

test('YNQ-023 whoever is not locked, or belongs to another unit, comes back in the guard’s words with nothing lost', async () => {
  expect(await report()).toMatchObject({ state: 'submitted', recordSeal: {} });
  const { rejection, attachments } = await until('rejected');
  expect(rejection?.message).toContain('该人员');
  expect(attachments).toHaveLength(2);
  await lock('91530100MA6K1234X5');
  await fill({ reason: '工程已竣工验收，项目经理离岗' });
  await report();
  expect((await until('rejected')).rejection?.message).toContain('该人员不属于本单位');
});

test('a locked person of the own unit: stored with the bytes of both files, one case for either body', async () => {
  await lock((await now()).subject.creditCode);
  await fill({ reason: '工程已竣工验收' });
  await report();
  const stored = await until('stored');
  expect(stored.light).toBeUndefined();
  for (const bytes of [pdf, picture])
    expect(Buffer.from(await readStoredBlob(serverFolder(), hash('sha256', bytes)))).toEqual(
      Buffer.from(bytes),
    );
  const desk = await signInAtDesk(whole.serverUrl());
  const detail = await eventually('the case', () => desk.caseOf(id).catch(() => undefined));
  expect(detail).toMatchObject({
    title: '人员解锁申请',
    step: { mode: 'one', parties: [{ title: '市质监站' }, { title: '市住建局' }] },
    record: { attachments: [{ name: '申请表.pdf' }, { name: '盖章页.png' }] },
  });
  expect(await desk.decide(detail, 'approve', '')).toMatchObject({
    case: { state: 'approved' },
    notices: [{ text: '人员解锁申请已审核通过，人员已解锁' }],
  });
});

test('YNQ-041 YNQ-047 YNQ-052 whose change a contractor applies for, and whose a supervising unit', async () => {
  const people = { personName: '张项目', person, newPersonName: '李接任', newPerson: '110105194912310038' };
  const refusals: string[] = [];
  for (const [role, post] of [
    ['contractor', 'chief-supervisor'],
    ['supervision', 'project-manager'],
    ['supervision', 'safety-officer'],
    ['supervision', 'chief-supervisor'],
  ] as const) {
    await whole.station.call('role', { body: { role } });
    ({ id } = await whole.station.call('createRecord', { body: { kind: 'manager-change', answers: {} } }));
    await fill({ ...people, post, work: 'w1', workName: '滇池大桥', reason: '岗位调整' });
    await attach('申请表.pdf', pdf);
    const said = await report().catch((thrown: unknown) => thrown as { details: { text?: string } });
    // what only a register could tell stands behind it
    refusals.push('details' in said ? (said.details.text?.split('；')[0] ?? '') : '');
  }
  const ofContractor = '项目经理、安全员的变更由施工单位申请';
  expect(refusals).toEqual(['项目总监的变更由监理单位申请', ofContractor, ofContractor, '']);
});
