/** A programme that the repository does not have, made of the YAML of docs/programmes.md alone: two doors and a form. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { configFolder } from '#config/load-catalogue.ts';
import { portalDraftSchema } from '#domain/contracts/portal/records.ts';
import { openDoor } from '#tests/support/portal-door.ts';
import { codeOf } from '#tests/support/portal-pages.ts';
import { createTestCompany } from '#tests/support/sealed-material.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authority, authorityPem } from '../integration/server-fixtures.ts';
import { makeDataFolder, startTestServer } from '../integration/server-support.ts';

const id = 'guizhou-labour-register';
/** The YAML files that the page for newcomers tells of, by the path in their first line. */
const told = [
  ...readFileSync(new URL('../../docs/programmes.md', import.meta.url), 'utf8').matchAll(
    /```yaml\n# (?<path>programmes\/\S+)\n(?<yaml>[\s\S]*?)```/gu,
  ),
];

const folder = mkdtempSync(join(tmpdir(), 'ludeng-config-'));
const data = makeDataFolder();
let unitsMade = 0;
/** Another one each time, so that a second try registers anew. */
function freshUnit(): { name: string; number: string } {
  const serial = String((unitsMade += 1)).padStart(3, '0');
  return { name: `贵州黔灵${serial}建筑劳务有限公司`, number: codeOf(`91520100MA6H00${serial}`) };
}
const password = 'kT7-vume-Rado';
let server: RunningServer;
beforeAll(async () => {
  cpSync(configFolder, folder, { recursive: true });
  for (const { groups } of told) {
    const file = join(folder, groups?.['path'] ?? '');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, groups?.['yaml'] ?? '');
  }
  server = await startTestServer(data.folder, { trustAnchors: [authorityPem], catalogueFolder: folder });
});
afterAll(async () => {
  await server?.close();
  data.remove();
  rmSync(folder, { recursive: true });
});

test('a programme of YAML alone has its portal, takes a registration, and keeps what its form was handed in with', async () => {
  const unit = freshUnit();
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
