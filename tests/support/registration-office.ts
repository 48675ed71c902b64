/** A server with the sandbox of the outside services, the department's clerk, and people who register a unit. */
import type { RegisterComparison } from '#domain/contracts/desk/cases.ts';
import { makeDataFolder, startTestServer } from '../integration/server-support.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import { startOutsideServices } from './outside-services.ts';
import type { TestOutsideServices } from './outside-services.ts';
import { createPhone } from './phone.ts';
import type { Phone } from './phone.ts';
import { openUnitAccounts } from './unit-accounts.ts';
import type { TestPerson, UnitAccounts } from './unit-accounts.ts';
import { waitUntil } from './wait-until.ts';

export const clerk = { id: 'shencha', name: '审核员', password: 'shencha-mima-2026' } as const;
/** Of another department. */
export const stranger = { id: 'waiban', name: '外办', password: 'waiban-mima-2026' } as const;

/** As the sandbox's business register and its persons have them. */
export const dianchi = {
  unitName: '云南滇池建设工程有限公司',
  creditCode: '91530100MA6K1A017N',
  unitType: '有限责任公司（自然人投资或控股）',
  address: '云南省昆明市五华区人民中路88号',
  registeredCapital: '叁仟万元整',
  establishedOn: '2016-04-11',
  businessScope: '房屋建筑工程施工总承包；市政公用工程施工总承包；建筑工程机械与设备租赁。',
} as const;
export const people = {
  yang: { name: '杨志明', idNumber: '530102198503152013', mobile: '13900000011' },
  li: { name: '李春燕', idNumber: '530103197908223029', mobile: '13900000012' },
  ayi: { name: '阿依·木呷', idNumber: '53240119921107403X', mobile: '13900000013' },
  dao: { name: '刀永祥', idNumber: '532528198802295046', mobile: '13900000014' },
  duan: { name: '段䶮', idNumber: '532930199506307063', mobile: '13900000016' },
  zhang: { name: '张丽华', idNumber: '530102199005108073', mobile: '13900000017' },
} as const satisfies Record<string, TestPerson>;

export interface RegistrationOffice {
  server: RunningServer;
  sandbox: TestOutsideServices;
  accounts: UnitAccounts;
  dataFolder: string;
  /** Of somebody whose real name is proved with the face. */
  phoneOf(person: TestPerson): Promise<Phone>;
  /** The cookie of a clerk. */
  signIn(who?: { id: string; password: string }): Promise<string>;
  /** Of the newest registration of that unit. */
  caseOf(subject: string): Promise<{ id: string; recordId: string }>;
  decide(cookie: string, caseId: string, decision: Decision): Promise<Answer>;
  comparison(cookie: string, recordId: string): Promise<RegisterComparison>;
  close(): Promise<void>;
}
interface Decision {
  step: string;
  decision: string;
  opinion?: string;
}
export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

export async function startRegistrationOffice(
  change: Partial<ServerSettingsInput> = {},
): Promise<RegistrationOffice> {
  const data = makeDataFolder();
  const sandbox = await startOutsideServices();
  const accountsOf = ({ id, name, password }: typeof clerk | typeof stranger, department: string) => ({
    ...{ id, name, password, department },
    permissions: ['registrations'],
  });
  const server = await startTestServer(data.folder, {
    services: sandbox.settings,
    accounts: [accountsOf(clerk, '主管部门'), accountsOf(stranger, '外事办公室')],
    uploadReading: { enabled: false },
    ...change,
  });
  const accounts = await openUnitAccounts(data.folder);

  const phones = new Map<string, Phone>();

  async function ask(path: string, cookie: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`${server.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  return {
    ...{ server, sandbox, accounts, dataFolder: data.folder },
    async phoneOf(person) {
      const known = phones.get(person.idNumber);
      if (known) return known;
      const phone = createPhone(server.url, sandbox, person);
      phones.set(person.idNumber, phone);
      await phone.proveName();
      return phone;
    },
    async signIn({ id, password } = clerk) {
      const answer = await fetch(`${server.url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ account: id, password }),
      });
      if (!answer.ok) throw new Error(`${id} is refused: ${await answer.text()}`);
      return answer.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ');
    },
    caseOf: (subject) =>
      waitUntil(
        async () => {
          const row = await accounts.db
            .selectFrom('case_file')
            .select(['id', 'record_id'])
            .where('subject_name', '=', subject)
            // an earlier one that was decided is not meant, and the next may take a moment
            .where('state', '=', 'open')
            .orderBy('id', 'desc')
            .executeTakeFirst();
          return row && { id: row.id, recordId: row.record_id ?? '' };
        },
        { what: `a case of ${subject}` },
      ),
    decide: (cookie, caseId, { opinion = '', ...decision }) =>
      ask(`/api/cases/${caseId}/decisions`, cookie, { ...decision, opinion }),
    async comparison(cookie, recordId) {
      // the route's own answer, whose shape its contract holds
      return (await ask(`/api/records/${recordId}/register-comparison`, cookie))
        .body as unknown as RegisterComparison;
    },
    async close() {
      await accounts.close();
      await server.close();
      await sandbox.close();
      data.remove();
    },
  };
}
