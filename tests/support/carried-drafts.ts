/** A counter, a portal beside it and a programme that both know: made of YAML, with an attachment and no paper. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFolder } from '#config/load-catalogue.ts';
import type { PortalDraft } from '#domain/contracts/portal/records.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { demoLicence } from './documents.ts';
import { codeOf, openPortalBeside } from './portal-pages.ts';
import type { PortalUnit } from './portal-pages.ts';
import { startWholeStation } from './whole-station.ts';

export const liaoning = 'liaoning-subject-library';
export const teams = 'guizhou-teams';

const programme = `
id: ${teams}
name: 贵州省建筑劳务登记系统
region: 贵州省
codePrefix: GZLW
loginWays: [{ way: ukey, assurance: signed }]
subjectRoles: [{ id: labour-company, name: 劳务企业 }]
sections: [{ id: teams, title: 劳务班组, roles: [labour-company], recordKinds: [labour-team] }]
portal:
  entrance:
    site: 贵州省住房和城乡建设厅
    url: https://zfcxjst.guizhou.gov.cn/
    paths: [{ title: 登记, path: [办事服务, 劳务登记] }]
  flow: [{ title: 登记, text: 登录后填写班组信息并提交 }]
  accountTypes: [{ id: guizhou-company, title: 劳务企业, role: labour-company }]
`;
const recordKind = `
id: labour-team
title: 劳务班组
cardinality: many
addLabel: 新增班组
workflow: push-verification
pushable: false
needs: { seal: none, check: none }
browser: { hints: [请如实填写] }
form:
  - { id: teamName, label: 班组名称, kind: text, required: true, maxLength: 50 }
  - { id: leaderPhone, label: 联系电话, kind: phone, required: true }
materials: []
attachments:
  - { id: roster, title: 花名册 }
columns:
  - { title: 班组名称, source: { form: teamName } }
  - { title: 状态, source: state }
  - { title: 操作, source: actions }
`;

export const company: PortalUnit = {
  id: 'demo-company',
  name: demoLicence.companyName,
  code: demoLicence.creditCode,
};
export const otherCompany: PortalUnit = {
  id: 'other-company',
  name: '辽宁浑河建筑工程有限公司',
  code: codeOf('91210100MA4K00008'),
};

export async function startCounterWithPortal() {
  const folder = mkdtempSync(join(tmpdir(), 'ludeng-config-'));
  cpSync(configFolder, folder, { recursive: true });
  mkdirSync(join(folder, 'programmes', teams, 'records'), { recursive: true });
  writeFileSync(join(folder, 'programmes', teams, 'programme.yaml'), programme);
  writeFileSync(join(folder, 'programmes', teams, 'records', 'labour-team.yaml'), recordKind);
  const whole = await startWholeStation({
    enrolmentCode: 'code-of-carried-drafts',
    configFolder: folder,
    profile: { programmes: [liaoning, teams] },
    otherHolders: [{ companyName: otherCompany.name, creditCode: otherCompany.code, pin: demoPin }],
  });
  const portal = await openPortalBeside({ folder: join(whole.folder, 'server'), url: whole.serverUrl });
  await portal.openUnit(company);
  await portal.openUnit(otherCompany);

  const ask = <T>(method: string, path: string, cookie: string, body?: unknown) =>
    portal.ask(method, `/api/portals${path}`, cookie, body) as unknown as Promise<{
      status: number;
      code: unknown;
      told: T;
    }>;
  return {
    ...{ whole, portal, ask },
    begin: async (cookie: string, wanted: { programme: string; kind: string; role: string }) => {
      const { programme: id, ...body } = wanted;
      return (await ask<PortalDraft>('POST', `/${id}/drafts`, cookie, body)).told;
    },
    codeOf: async (cookie: string, programmeId: string, draft: string): Promise<string> =>
      (await ask<{ code: string }>('POST', `/${programmeId}/drafts/${draft}/code`, cookie)).told.code,
    /** By the key of that unit. */
    async login(
      unit: PortalUnit,
      { programme: id, role }: { programme: string; role: string },
      station = whole.station,
    ): Promise<{ tokenId: string; certificateId: string }> {
      const tokens = await station.call('tokens');
      const found = tokens.flatMap(({ id: tokenId, certificates }) =>
        certificates.flatMap((one) =>
          one.use === 'sign' && one.creditCode === unit.code ? { tokenId, certificateId: one.id } : [],
        ),
      )[0];
      if (!found) throw new Error(`no key of ${unit.name}`);
      await station.call('login', { body: { ...found, pin: demoPin, programme: id } });
      await station.call('role', { body: { role } });
      return found;
    },
    async close(): Promise<void> {
      await portal.close();
      await whole.close();
      rmSync(folder, { recursive: true });
    },
  };
}
export type CounterWithPortal = Awaited<ReturnType<typeof startCounterWithPortal>>;
