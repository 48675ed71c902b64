/** Companies with an administrator, and their operators, through the server's API; short messages as the phones have them. */
import { operatorLoginRoutes } from '#domain/contracts/public/operator-login.ts';
import { creditCodeCheck, idNumberCheck } from '#domain/fields/check-digits.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { TestOutsideServices } from './outside-services.ts';
import { storeSettings } from './server-stores.ts';

export const shanghai = 'shanghai-maintenance-fund';
/** What everybody here chooses for a password. */
export const ownPassword = 'kT7-vume-Rado';

export const codeOf = (body: string): string => `${body}${creditCodeCheck(body)}`;
/** Each number is another person's, also where two have one name. */
export const idNumberOf = (mobile: string): string => {
  const body = `53010219900101${mobile.slice(-3)}`;
  return `${body}${idNumberCheck(body)}`;
};

export interface Told {
  status: number;
  told: Record<string, unknown>;
  code: unknown;
  cookie: string;
}

export async function openCompanies({
  folder,
  url,
  services,
  settings,
}: {
  folder: string;
  url: () => string;
  services: TestOutsideServices;
  /** Of the server that runs. */
  settings: ServerSettingsInput;
}) {
  const store = await openStore({ ...(await storeSettings(folder)), folder, beside: true });

  async function ask(method: string, path: string, cookie: string, body?: unknown): Promise<Told> {
    const answer = await fetch(`${url()}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const told = (await answer.json()) as Record<string, unknown>;
    const session = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    return { status: answer.status, told, code: told['code'], cookie: session };
  }
  const command = (...args: string[]): Promise<string> =>
    administer(serverSettingsSchema.parse(settings), ['account', ...args]);

  const signIn = (account: string, password: string): Promise<Told> =>
    ask('POST', '/api/session', '', { account, password });
  /** A password of one's own, in place of the first one, which somebody else made. */
  const choosePassword = (cookie: string, first: string): Promise<Told> =>
    ask('PUT', '/api/session/password', cookie, { current: first, next: ownPassword });

  /** A minute goes by: another message may be asked for. */
  async function waitForAnother(): Promise<void> {
    await store.db.deleteFrom('tally').where('name', 'like', 'sms-hold %').execute();
  }
  async function askForCode(mobile: string, password: string): Promise<Told> {
    await waitForAnother();
    return ask('POST', operatorLoginRoutes.sendOperatorCode.path, '', {
      ...{ programme: shanghai, mobile, password },
    });
  }
  const newestCode = async (mobile: string): Promise<string> => (await services.sms.last(mobile))?.code ?? '';
  const signInWith = (mobile: string, password: string, code: string): Promise<Told> =>
    ask('POST', operatorLoginRoutes.operatorSignIn.path, '', {
      ...{ programme: shanghai, mobile, password, code },
    });
  /** By number, password and the code of a message. */
  async function operatorSignIn(mobile: string, password: string): Promise<Told> {
    const asked = await askForCode(mobile, password);
    return asked.status === 200 ? signInWith(mobile, password, await newestCode(mobile)) : asked;
  }

  return {
    ...{ ask, command, signIn, askForCode, newestCode, signInWith, operatorSignIn, waitForAnother },
    db: store.db,
    knowPerson: (mobile: string, name: string): Promise<void> =>
      services.addPerson({ name, mobile, idNumber: idNumberOf(mobile) }),
    /** The cookie of somebody who has chosen a password. */
    async enter(account: string, first: string): Promise<string> {
      const { cookie } = await signIn(account, first);
      return (await choosePassword(cookie, first)).cookie;
    },
    async enterAsOperator(mobile: string, first: string): Promise<string> {
      const { cookie } = await operatorSignIn(mobile, first);
      return (await choosePassword(cookie, first)).cookie;
    },
    passwordIn: (text: string): string => /密码 (\S+?)（/.exec(text)?.[1] ?? '',
    /** The administrator's first password. */
    async addCompany(id: string, name: string, creditCode: string): Promise<string> {
      return this.passwordIn(await command('organisation', id, '--name', name, '--credit-code', creditCode));
    },
    async openCompany(id: string, name: string, creditCode: string): Promise<string> {
      return this.enter(id, await this.addCompany(id, name, creditCode));
    },
    newOperator: (name: string, mobile: string) => ({
      programme: shanghai,
      name,
      mobile,
      systems: [shanghai],
    }),
    /** What stands in the newest message to that number. */
    firstPassword: async (mobile: string): Promise<string> =>
      /初始密码：([a-z0-9]+)，/.exec((await services.sms.last(mobile))?.text ?? '')?.[1] ?? '',
    /** Known to the service, added by the administrator, the first password told to the phone. */
    async addOperator(
      cookie: string,
      name: string,
      mobile: string,
    ): Promise<{ id: string; password: string }> {
      await this.knowPerson(mobile, name);
      const { told } = await ask('POST', '/api/operators', cookie, this.newOperator(name, mobile));
      return { id: String(told['id']), password: await this.firstPassword(mobile) };
    },
    close: () => store.close(),
  };
}
export type Companies = Awaited<ReturnType<typeof openCompanies>>;
