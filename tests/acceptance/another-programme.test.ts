/** A programme that the repository does not have, made of YAML alone: two doors and a form, walked by its routes. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { configFolder, loadCatalogue } from '#config/load-catalogue.ts';
import { portalDraftSchema } from '#domain/contracts/portal/records.ts';
import { openDoor } from '#tests/support/portal-door.ts';
import { createTestCompany } from '#tests/support/sealed-material.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authority, authorityPem } from '../integration/server-fixtures.ts';
import { makeDataFolder, startTestServer } from '../integration/server-support.ts';

const id = 'guizhou-labour-register';
const programme = `
id: ${id}
name: 贵州省建筑劳务登记系统
region: 贵州省
codePrefix: GZLW
loginWays:
  - { way: password, assurance: password }
  - { way: ukey, assurance: signed }
subjectRoles: [{ id: labour-company, name: 劳务企业 }]
sections: [{ id: teams, title: 劳务班组, roles: [labour-company], recordKinds: [labour-team] }]
portal:
  entrance:
    site: 贵州省住房和城乡建设厅
    url: https://zfcxjst.guizhou.gov.cn/
    paths: [{ title: 登记, path: [办事服务, 劳务登记] }]
  flow: [{ title: 登记, text: 注册后填写班组信息并提交 }]
  accountTypes: [{ id: guizhou-company, title: 劳务企业, role: labour-company }]
  registration:
    whoMust: [在贵州省从事建筑劳务的企业]
    kinds:
      - accountType: guizhou-company
        number: { scheme: credit-code, label: 统一社会信用代码 }
        name: { label: 企业名称 }
        loginName: number
        opens: teams
    password: 设置密码
    submit: 注册
    waysBack: [{ title: 忘记密码, text: 请持企业UKey登录后设置新密码 }]
  keyLogin:
    precondition: 请先办理企业UKey。
    inserted: 已检测到UKey，请点击“登录”。
    dialog: { title: 验证UKey, password: 密码, confirm: 确定 }
    drivers: { title: 下载驱动, steps: [{ title: 安装, text: 下载后双击安装 }] }
`;
const recordKind = `
id: labour-team
title: 劳务班组
cardinality: many
addLabel: 新增班组
workflow: push-verification
pushable: false
needs: { seal: none, check: none, assurance: { level: password, kind: organisation } }
browser: { hints: [请如实填写] }
form:
  - { id: teamName, label: 班组名称, kind: text, required: true, maxLength: 50 }
  - { id: leader, label: 班组长, kind: person-name, required: true, maxLength: 50 }
  - { id: leaderPhone, label: 联系电话, kind: phone, required: true }
materials: []
columns:
  - { title: 班组名称, source: { form: teamName } }
  - { title: 操作, source: actions }
`;

const folder = mkdtempSync(join(tmpdir(), 'ludeng-config-'));
const data = makeDataFolder();
const unit = { name: '贵州黔灵建筑劳务有限公司', number: '91430100MA4L1A2B3F' };
const password = 'kT7-vume-Rado';
let server: RunningServer;
beforeAll(async () => {
  cpSync(configFolder, folder, { recursive: true });
  mkdirSync(join(folder, 'programmes', id, 'records'), { recursive: true });
  writeFileSync(join(folder, 'programmes', id, 'programme.yaml'), programme);
  writeFileSync(join(folder, 'programmes', id, 'records', 'labour-team.yaml'), recordKind);
  const settings = { trustAnchors: [authorityPem] };
  server = await startTestServer(data.folder, settings, { catalogue: loadCatalogue(folder) });
});
afterAll(async () => {
  await server?.close();
  data.remove();
  rmSync(folder, { recursive: true });
});

test('a programme of YAML alone has its portal, takes a registration, and keeps what its form was handed in with', async () => {
  const company = openDoor(server.url, id);
  expect((await company.ask('GET', `/api/portals/${id}`)).body).toMatchObject({
    name: '贵州省建筑劳务登记系统',
    portal: { flow: [{ title: '登记' }] },
  });
  const registered = await company.register({ kind: 'guizhou-company', ...unit, password });
  expect(registered.body).toEqual({ loginName: unit.number });

  const begin = { kind: 'labour-team', role: 'labour-company' };
  const draft = portalDraftSchema.parse((await company.ask('POST', `/api/portals/${id}/drafts`, begin)).body);
  const handIn = () => company.ask('POST', `/api/portals/${id}/drafts/${draft.id}/handing-in`);
  const { problems } = z.object({ problems: z.record(z.string(), z.string()) }).parse((await handIn()).body);
  expect(Object.keys(problems).toSorted()).toEqual(['form.leader', 'form.leaderPhone', 'form.teamName']);
  const form = { teamName: '砌筑一班', leader: '韦大山', leaderPhone: '13985001234' };
  const { answers, papers, revision } = draft;
  const saved = await company.ask('PUT', `/api/portals/${id}/drafts/${draft.id}`, {
    ...{ answers, papers, revision, form },
  });
  expect(saved.status).toBe(200);
  expect((await handIn()).body).toEqual({ problems: {}, record: draft.id });

  const stranger = openDoor(server.url, id);
  const records = `/api/portals/${id}/records?kind=labour-team`;
  expect((await stranger.ask('GET', records)).status).toBe(401);
  expect((await stranger.signIn(unit.number, 'Zw4-nimo-Kela')).code).toBe('SIGN_IN_FAILED');
  expect((await stranger.signIn(unit.number, password)).status).toBe(200);
  expect((await stranger.ask('GET', records)).body).toMatchObject([{ summary: { id: draft.id, form } }]);

  // the other door, to the same account
  const holder = openDoor(server.url, id);
  const key = createTestCompany(authority, {
    subject: { companyName: unit.name, creditCode: unit.number },
  });
  expect((await holder.signInByKey(key)).status).toBe(200);
  expect((await holder.ask('GET', records)).body).toMatchObject([{ summary: { id: draft.id, form } }]);
});
