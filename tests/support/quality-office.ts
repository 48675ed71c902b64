/** Yunnan's quality system beside a server: units with their keys, both bodies at the desk, persons in the register, 工改系统 at the sandbox. */
import type { WorkPush } from '#domain/contracts/outside/work-pushes.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getProgramme } from '#domain/catalogue/lookup.ts';
import { createRegisterRows } from '../../sync-server/store/register-rows.ts';
import { startOutsideServices } from './outside-services.ts';
import { makePerson } from './people.ts';
import { onePixel } from './portal-forms.ts';
import { codeOf, openPortalServer } from './portal-pages.ts';
import type { PortalUnit } from './portal-pages.ts';
import { waitUntil } from './wait-until.ts';

export const quality = 'yunnan-quality-safety';
export const builder: PortalUnit = {
  ...{ id: 'chuncheng', name: '昆明春城置业有限公司', code: codeOf('91530100MA6K00011') },
};
export const otherBuilder: PortalUnit = {
  ...{ id: 'cuihu', name: '昆明翠湖置业有限公司', code: codeOf('91530100MA6K00012') },
};
export const contractor = { name: '云南建工第一建设有限公司', code: codeOf('91530100MA6K00013') };
const password = 'a-long-password';
export const station = { id: 'station', name: '质监站赵工', department: '昆明市质监站' };
export const housing = { id: 'housing', name: '住建局钱工', department: '昆明市住建局' };
export const colleague = { id: 'colleague', name: '质监站李工', department: station.department };
const others = { id: 'others', name: '大理孙工', department: '大理州质监站' };

export const people = {
  manager: makePerson('周项目'),
  officer: makePerson('吴安全'),
  next: makePerson('郑接任'),
  stranger: makePerson('王无名'),
};

export const workOf = (
  id: string,
  change: Partial<WorkPush['work']> = {},
  staff: WorkPush['staff'] = [],
  version = 1,
): WorkPush => ({
  version,
  work: {
    ...{ id, name: `${id}号教学楼`, unit: builder.code, contractNumber: `HT-${id}` },
    ...{ authority: housing.department, supervisor: station.department },
    units: [{ role: 'contractor', ...contractor }],
    details: { address: '昆明市五华区' },
    ...change,
  },
  staff,
});
export const inPost = (who: { name: string; idNumber: string }, post: string) => ({
  ...{ person: who.idNumber, name: who.name, post },
});

export async function openQualityOffice() {
  const outside = await startOutsideServices();
  const staff = [station, colleague, housing, others].map((one) => ({
    ...one,
    permissions: ['review'],
    password,
  }));
  const portal = await openPortalServer({ services: outside.settings, accounts: staff });
  await portal.openUnit(builder);
  await portal.openUnit(otherBuilder);
  const registers = createRegisterRows(portal.units.db, getProgramme(loadCatalogue(), quality).locks ?? []);
  await registers.put({
    persons: [people.manager, people.officer, people.next].map(({ idNumber: id, name }) => ({
      ...{ id, name, unit: contractor.code },
    })),
    works: [],
    appointments: [],
  });
  const cookie = await portal.withKey(builder);
  const at = (path: string): string => `/api/portals/${quality}${path}`;

  async function signIn({ id }: { id: string }): Promise<string> {
    return (await portal.ask('POST', '/api/session', '', { account: id, password })).cookie;
  }
  const asked = new Map<string, string>();
  async function desk(who: { id: string }, method: string, path: string, body?: unknown) {
    const known = asked.get(who.id) ?? (await signIn(who));
    asked.set(who.id, known);
    return portal.ask(method, path, known, body);
  }

  /** A draft of the kind about the work, filled in, its papers attached. */
  async function begin(kind: string, work: string, form: Record<string, string>, papers: string[] = []) {
    const begun = await portal.ask('POST', at('/drafts'), cookie, {
      ...{ kind, role: 'construction' },
      ...(work === '' ? {} : { work }),
    });
    if (begun.status !== 200) return { id: '', begun };
    const id = String(begun.told['id']);
    const {
      answers,
      papers: values,
      revision,
      form: first,
    } = begun.told as {
      answers: unknown;
      papers: unknown;
      revision: number;
      form: Record<string, string>;
    };
    await portal.ask('PUT', at(`/drafts/${id}`), cookie, {
      ...{ answers, papers: values, revision, form: { ...first, ...form } },
    });
    for (const slot of papers)
      await fetch(`${portal.server.url}${at(`/drafts/${id}/files/${slot}?name=${slot}.png`)}`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'image/png' },
        body: onePixel,
      });
    return { id, begun };
  }
  /** As the unit reads it. */
  const readWork = async (id: string) => (await portal.ask('GET', at(`/works/${id}`), cookie)).told;
  const handIn = (id: string) => portal.ask('POST', at(`/drafts/${id}/handing-in`), cookie);

  return {
    ...{ ...portal, outside, registers, cookie, at, desk, begin, handIn },
    push: (push: unknown, token?: string) =>
      outside.pushWork({
        ...{ server: portal.server.url, programme: quality, push },
        ...(token === undefined ? {} : { token }),
      }),
    readWork,
    /** What the unit reads of a work once the record's case is opened: by then it has gone as far as it goes by itself. */
    async workAfter(record: string, id: string) {
      await waitUntil(
        async () => {
          const { told } = await portal.ask('GET', at(`/records/${record}`), cookie);
          return (told['summary'] as { cases?: object[] } | undefined)?.cases?.[0];
        },
        { what: `a case of ${record}` },
      );
      return readWork(id);
    },
    /** The open case about a record, as that body sees it. */
    caseFor: (who: { id: string }, record: string) =>
      waitUntil(async () => {
        const { told } = await desk(who, 'GET', '/api/cases?state=all');
        return (told['cases'] as { id: string; recordId?: string }[]).find((one) => one.recordId === record)
          ?.id;
      }),
    async close(): Promise<void> {
      await portal.close();
      await outside.close();
    },
  };
}
export type QualityOffice = Awaited<ReturnType<typeof openQualityOffice>>;
export { others as otherStation };
