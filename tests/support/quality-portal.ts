/** Yunnan's quality and safety by its routes: units at the portal, their persons and works in the registers, the bodies at the desk. */
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getProgramme } from '#domain/catalogue/lookup.ts';
import { idNumberCheck } from '#domain/fields/check-digits.ts';
import type { ShownCandidate } from '#domain/contracts/portal/picks.ts';
import type { RegisteredWork } from '#domain/registers/schema.ts';
import { maskIdNumber } from '#domain/text/masking.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import { createRegisterRows } from '../../sync-server/store/register-rows.ts';
import { testSettings } from '../integration/server-support.ts';
import { startOutsideServices } from './outside-services.ts';
import { onePixel } from './portal-forms.ts';
import { codeOf, openPortalServer } from './portal-pages.ts';
import type { PortalUnit } from './portal-pages.ts';
import { storeSettings } from './server-stores.ts';
import { waitUntil } from './wait-until.ts';

export const quality = 'yunnan-quality-safety';
export const contractor: PortalUnit = {
  ...{ id: 'dianchi', name: '云南滇池建设工程有限公司', code: codeOf('91530100MA6KQ0001') },
};
export const supervision: PortalUnit = {
  ...{ id: 'zhuyuan', name: '曲靖珠源监理有限公司', code: codeOf('91530100MA6KQ0002') },
};
export const bodies = { supervisor: '昆明市质量监督站', authority: '昆明市住房和城乡建设局' };
const password = 'kT7-vume-Rado';
const firstDay = '2026-01-01T00:00:00.000Z';

export interface RegisteredOne {
  id: string;
  name: string;
}
let people = 0;
/** Each is another person's, also where two have one name. */
export function newPerson(name: string): RegisteredOne {
  people += 1;
  const body = `53010219850101${String(people).padStart(3, '0')}`;
  return { id: `${body}${idNumberCheck(body)}`, name };
}

type Told = Awaited<ReturnType<Awaited<ReturnType<typeof openPortalServer>>['ask']>>;
export type Quality = Awaited<ReturnType<typeof openQuality>>;

export async function openQuality() {
  const outside = await startOutsideServices();
  const portal = await openPortalServer({ services: outside.settings });
  const { ask, data, server, units } = portal;
  const { locks: rules = [], qualifications = [] } = getProgramme(loadCatalogue(), quality);
  const registers = createRegisterRows(units.db, rules);
  const at = `/api/portals/${quality}`;
  for (const unit of [contractor, supervision]) await portal.openUnit(unit);
  const ofContractor = await portal.withKey(contractor);
  const cookies = {
    // the same unit, where it builds for itself
    construction: ofContractor,
    contractor: ofContractor,
    supervision: await portal.withKey(supervision),
  };
  type Role = keyof typeof cookies;
  const settings = serverSettingsSchema.parse(testSettings(data.folder, await storeSettings(data.folder)));

  /** Somebody of that body at the desk: the cookie. */
  async function openBody(account: string, department: string): Promise<string> {
    const said = await administer(settings, [
      ...['account', 'add', account, '--name', `${department}经办`, '--department', department],
      ...['--permissions', 'review'],
    ]);
    const first = /密码 (\S+?)（/.exec(said)?.[1] ?? '';
    const { cookie } = await ask('POST', '/api/session', '', { account, password: first });
    return (await ask('PUT', '/api/session/password', cookie, { current: first, next: password })).cookie;
  }
  const desks = {
    supervisor: await openBody('zhijian', bodies.supervisor),
    authority: await openBody('zhujian', bodies.authority),
    stranger: await openBody('dali', '大理州质量监督站'),
  };

  const person = ({ id, name }: RegisteredOne, unit = contractor): Promise<void> =>
    registers.put({
      persons: [{ id, name, unit: unit.code }],
      ...{ works: [], appointments: [] },
    });
  async function work(
    id: string,
    { contract, ...rest }: Partial<RegisteredWork> & { contract?: string } = {},
  ): Promise<string> {
    await registers.put({
      works: [
        {
          ...{ id, name: `${id}号工程`, state: 'under-construction', unit: contractor.code, ...bodies },
          ...(contract === undefined ? {} : { contractNumber: contract }),
          ...rest,
        },
      ],
      ...{ persons: [], appointments: [] },
    });
    return id;
  }
  const appoint = (one: RegisteredOne, post: string, ...works: string[]): Promise<void> =>
    registers.put({
      appointments: works.map((id) => ({
        id: `${post} ${one.id} ${id}`,
        ...{ person: one.id, work: id, post, from: firstDay },
      })),
      ...{ persons: [], works: [] },
    });
  /** As 工改系统 sends it: a work with whom it names in this post. */
  const push = (
    id: string,
    { post, people: staff, contract }: { post: string; people: RegisteredOne[]; contract?: string },
  ) =>
    outside.pushWork({
      ...{ server: server.url, programme: quality },
      push: {
        version: 1,
        work: {
          ...{ id, name: `${id}号工程`, unit: contractor.code, ...bodies, units: [], details: {} },
          ...(contract === undefined ? {} : { contractNumber: contract }),
        },
        staff: staff.map((one) => ({ person: one.id, name: one.name, post })),
      },
    });
  /** At the register of qualifications, in its words. */
  async function qualify({ id: idNumber }: RegisteredOne, ...kinds: string[]): Promise<void> {
    for (const kind of kinds) {
      const words = qualifications.find(({ id }) => id === kind)?.registeredAs[0] ?? kind;
      await outside.addQualification({ idNumber, kind: words, number: '1' });
    }
  }
  const locksOf = async ({ id }: RegisteredOne) =>
    (await registers.about([id], new Date().toISOString())).locks?.rows ?? [];

  const candidates = async (kind: string, pick: string, role: Role, text = '') => {
    const query = new URLSearchParams({ kind, pick, role, ...(text === '' ? {} : { text }) });
    return ask('GET', `${at}/candidates?${query.toString()}`, cookies[role]);
  };
  /** What the dialog shows of one person; of two of one name by the masked number. */
  async function shownOf(kind: string, pick: string, role: Role, { id, name }: RegisteredOne) {
    const { told } = await candidates(kind, pick, role, name);
    const listed = told['candidates'] as ShownCandidate[];
    return listed.filter(({ idNumber }) => idNumber === maskIdNumber(id));
  }
  const choiceOf = async (kind: string, pick: string, role: Role, one: RegisteredOne) => ({
    ...{ pick, name: one.name },
    candidate: (await shownOf(kind, pick, role, one))[0]?.id ?? 'nobody',
  });
  /** As the unit sees it where it asks for an unlock: the posts and works of the locks on its own person. */
  const shownLocks = async (role: Role, one: RegisteredOne) =>
    (await shownOf('person-unlock', 'locked', role, one)).map(({ post, workName }) => ({ post, workName }));
  const begin = async (kind: string, role: Role, choice?: object): Promise<Told> =>
    ask('POST', `${at}/drafts`, cookies[role], { kind, role, ...(choice ? { choice } : {}) });
  /** Of the work's own row: handed in at once. */
  async function change(kind: string, work: string, form: Record<string, string>): Promise<Told> {
    const role = 'construction';
    const draft = await ask('POST', `${at}/drafts`, cookies[role], { kind, role, work });
    await fill(role, String(draft.told['id']), form);
    return report(role, String(draft.told['id']));
  }
  async function fill(role: Role, draft: string, form: Record<string, string>): Promise<Told> {
    const { told } = await ask('GET', `${at}/drafts/${draft}`, cookies[role]);
    return ask('PUT', `${at}/drafts/${draft}`, cookies[role], {
      ...{ answers: told['answers'], papers: told['papers'], revision: told['revision'] },
      form: { ...(told['form'] as object), ...form },
    });
  }
  async function attach(role: Role, draft: string, slot = 'application'): Promise<number> {
    const name = encodeURIComponent('申请表.png');
    const answer = await fetch(`${server.url}${at}/drafts/${draft}/files/${slot}?name=${name}`, {
      method: 'POST',
      headers: { cookie: cookies[role], 'content-type': 'image/png' },
      body: onePixel,
    });
    return answer.status;
  }
  const report = (role: Role, draft: string): Promise<Told> =>
    ask('POST', `${at}/drafts/${draft}/handing-in`, cookies[role]);

  /** A change as it stands before 上报. */
  async function changeOf(role: Role, before: RegisteredOne, after: RegisteredOne): Promise<string> {
    const kind = 'manager-change';
    const draft = await begin(kind, role, await choiceOf(kind, 'changed', role, before));
    const id = String(draft.told['id']);
    await ask(
      'POST',
      `${at}/drafts/${id}/choices`,
      cookies[role],
      await choiceOf(kind, 'successor', role, after),
    );
    await fill(role, id, { reason: '岗位调整' });
    await attach(role, id);
    return id;
  }
  async function unlockOf(role: Role, one: RegisteredOne): Promise<string> {
    const draft = await begin('person-unlock', role, await choiceOf('person-unlock', 'locked', role, one));
    const id = String(draft.told['id']);
    await fill(role, id, { reason: '工程已完工' });
    await attach(role, id);
    return id;
  }

  async function findCase(desk: keyof typeof desks, record: string) {
    const { told } = await ask('GET', '/api/cases?state=open', desks[desk]);
    return (told['cases'] as { id: string; recordId: string }[]).find((one) => one.recordId === record);
  }
  const caseOf = (desk: keyof typeof desks, record: string) =>
    waitUntil(() => findCase(desk, record), { what: `a case of ${record}` });
  const decideCase = (desk: keyof typeof desks, id: string, decision: string, opinion = ''): Promise<Told> =>
    ask('POST', `/api/cases/${id}/decisions`, desks[desk], { step: 'review', decision, opinion });

  return {
    ...{ portal, server, registers, cookies, desks, at, ask, db: units.db, rules },
    ...{ person, work, push, appoint, qualify, locksOf, candidates, choiceOf, shownLocks, begin, change },
    ...{ fill, attach, report },
    ...{ changeOf, unlockOf, findCase, caseOf, decideCase },
    list: (kind: string, role: Role) => ask('GET', `${at}/records?kind=${kind}`, cookies[role]),
    read: (role: Role, record: string) => ask('GET', `${at}/records/${record}`, cookies[role]),
    decide: async (desk: keyof typeof desks, record: string, decision: string, opinion = '') =>
      decideCase(desk, (await caseOf(desk, record)).id, decision, opinion),
    outside,
    async close(): Promise<void> {
      await portal.close();
      await outside.close();
    },
  };
}
