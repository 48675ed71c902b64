/** The door of a platform for institutions as a browser with a key in its computer goes through it, against a server of its own. */
import { X509Certificate, randomBytes } from 'node:crypto';
import type { KeyProof } from '#domain/sync/subject-feed.ts';
import { browserChallengeSchema, captchaSchema } from '#domain/contracts/public/ca-login.ts';
import type { BrowserChallenge } from '#domain/contracts/public/ca-login.ts';
import { describeCertificate } from '#sealing/certificate.ts';
import { challengeBytes } from '#sealing/challenge.ts';
import {
  createAuthority,
  generateKeys,
  issueCredential,
  signAs,
} from '#tests/emulators/signing-token/demo-ca.ts';
import type { Authority, Validities } from '#tests/emulators/signing-token/demo-ca.ts';
import { workFor } from './captcha-work.ts';
import type { TestOutsideServices } from './outside-services.ts';
import { openUnitAccounts } from './unit-accounts.ts';
import { makeDataFolder, startTestServer } from '../integration/server-support.ts';

const dayMs = 24 * 60 * 60_000;
const yearsAround = (): Validities => ({
  notBefore: new Date(Date.now() - dayMs).toISOString(),
  notAfter: new Date(Date.now() + 365 * dayMs).toISOString(),
});

export const makeAuthority = (name: string): Authority =>
  createAuthority(name, { ...yearsAround(), serialNumber: randomBytes(8), keys: generateKeys('ec') });

export interface UnitKey {
  serial: string;
  sign(challenge: BrowserChallenge, origin: string): KeyProof;
}

export interface KeyOrder {
  companyName: string;
  /** Left out: the key of a person, who is named in place of a company. */
  creditCode?: string;
  validity?: Validities;
}

/** A key of that authority, without any token around it. */
export function issueKey(
  authority: Authority,
  { companyName, creditCode, validity = yearsAround() }: KeyOrder,
): UnitKey {
  const keys = generateKeys('ec');
  const der = issueCredential(authority, {
    subject: { companyName, ...(creditCode === undefined ? {} : { creditCode }) },
    publicKey: keys.publicKey,
    serialNumber: randomBytes(8),
    validity,
  });
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  return {
    serial: describeCertificate(der).serialNumber,
    sign: ({ nonce, sessionId, issuedAt }, origin) => ({
      certificate: base64(der),
      chain: [],
      signature: base64(
        signAs(keys, challengeBytes({ agreesTo: 'browser-login', nonce, origin, sessionId, issuedAt })),
      ),
    }),
  };
}

export interface Answered {
  status: number;
  /** Of a failure. */
  code: string | undefined;
  message: string | undefined;
  told: Record<string, unknown>;
  list: readonly unknown[];
}

/** One browser at the door: its cookies are its own. */
export function openBrowserAt(origin: string, programme: string) {
  const cookies = new Map<string, string>();
  async function ask(method: string, path: string, body?: unknown): Promise<Answered> {
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const parsed: unknown = JSON.parse((await answer.text()) || '{}');
    const told = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : {};
    const text = (key: string): string | undefined => {
      const value: unknown = Reflect.get(told, key);
      return typeof value === 'string' ? value : undefined;
    };
    return {
      status: answer.status,
      ...{ code: answer.ok ? undefined : text('code'), message: answer.ok ? undefined : text('message') },
      ...{ told: { ...told }, list: Array.isArray(parsed) ? parsed : [] },
    };
  }
  const base = `/api/portals/${programme}`;

  async function challenge(): Promise<BrowserChallenge> {
    const captcha = captchaSchema.parse((await ask('POST', '/api/captchas')).told);
    const made = await ask('POST', '/api/ca-login/challenges', {
      captcha: { id: captcha.id, work: await workFor(captcha) },
    });
    return browserChallengeSchema.parse(made.told);
  }
  async function signed(key: UnitKey) {
    const made = await challenge();
    return { challenge: made, proof: key.sign(made, origin) };
  }
  return {
    ask,
    signed,
    cookies,
    showKey: async (key: UnitKey) => ask('POST', `${base}/key-entry`, await signed(key)),
    keyEntry: () => ask('GET', `${base}/key-entry`),
    accounts: (role: string) => ask('GET', `${base}/institutions/accounts?role=${role}`),
    register: (body: object) => ask('POST', `${base}/institutions`, body),
    bindByCode: (role: string, account: string, code: string) =>
      ask('POST', `${base}/institutions/bindings`, { role, account, proof: { way: 'otp', code } }),
    bindByKey: async (role: string, account: string, key: UnitKey) =>
      ask('POST', `${base}/institutions/bindings`, {
        ...{ role, account },
        proof: { way: 'key', ...(await signed(key)) },
      }),
    enter: (body: object) => ask('POST', `${base}/institutions/session`, body),
    self: () => ask('GET', `${base}/self`),
  };
}
export type DoorBrowser = ReturnType<typeof openBrowserAt>;

/** A server that trusts keys of that authority and asks those services. */
export async function startDoor(authority: Authority, services: Pick<TestOutsideServices, 'settings'>) {
  const data = makeDataFolder();
  const server = await startTestServer(data.folder, {
    services: services.settings,
    trustAnchors: [new X509Certificate(authority.certificateDer).toString()],
  });
  const accounts = await openUnitAccounts(data.folder);
  return {
    folder: data.folder,
    origin: server.url.replace(/\/$/u, ''),
    /** Beside the server. */
    db: accounts.db,
    /** As what that unit is known, in the order in which it came. */
    institutionsOf: (creditCode: string) =>
      accounts.db
        .selectFrom('institution')
        .innerJoin('organisation', 'organisation.id', 'institution.organisation_id')
        .selectAll('institution')
        .where('organisation.credit_code', '=', creditCode)
        .orderBy('institution.created_at')
        .execute(),
    async close(): Promise<void> {
      await accounts.close();
      await server.close();
      data.remove();
    },
  };
}

export const information = {
  contactName: '周敏',
  contactPhone: '021-63210000',
  address: '上海市黄浦区人民大道200号',
};
/** What a company hands in at Shanghai's platform. */
export const asPriceAssessor = { role: 'price-assessor', platform: 'maintenance-fund', information };

export const authority = makeAuthority('上海市数字证书认证中心（模拟）');
