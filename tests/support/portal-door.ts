/** The door of a portal by its routes: a browser with cookies of its own, keys of units, and what both sign. */
import { captchaSchema, browserChallengeSchema } from '#domain/contracts/public/ca-login.ts';
import { challengeBytes } from '#sealing/challenge.ts';
import { signAs } from '../emulators/signing-token/demo-ca.ts';
import { workFor } from './captcha-work.ts';
import type { TestCompany } from './sealed-material.ts';

export interface Told {
  status: number;
  body: unknown;
  code?: string;
  details: Record<string, unknown>;
}

export interface Door {
  ask(method: string, path: string, body?: unknown): Promise<Told>;
  captcha(): Promise<{ id: string; work: Awaited<ReturnType<typeof workFor>> }>;
  register(wanted: {
    kind: string;
    number: string;
    name: string;
    password: string;
    signsInByNumber?: boolean;
  }): Promise<Told>;
  isKnown(kind: string, number: string): Promise<Told>;
  signIn(account: string, password: string): Promise<Told>;
  signInByKey(company: TestCompany): Promise<Told>;
  /** A picture to an attachment of a draft. */
  attach(draft: string, slot: string, picture: Uint8Array<ArrayBuffer>): Promise<Told>;
  forget(): void;
}

export function openDoor(url: string, programme: string): Door {
  const cookies = new Map<string, string>();
  const ask = (method: string, path: string, body?: unknown): Promise<Told> =>
    send(
      method,
      path,
      body === undefined ? undefined : { type: 'application/json', body: JSON.stringify(body) },
    );
  async function send(
    method: string,
    path: string,
    content?: { type: string; body: BodyInit },
  ): Promise<Told> {
    const cookie = [...cookies].map((one) => one.join('=')).join('; ');
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { cookie, ...(content ? { 'content-type': content.type } : {}) },
      body: content ? content.body : null,
    });
    for (const one of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = one.split(';')[0]?.split('=') ?? [];
      cookies.set(name, value);
    }
    const told: unknown = await answer.json();
    const of = (key: string): unknown =>
      typeof told === 'object' && told !== null ? Reflect.get(told, key) : undefined;
    const [code, details] = [of('code'), of('details')];
    return {
      ...{ status: answer.status, body: told },
      ...(typeof code === 'string' ? { code } : {}),
      details: typeof details === 'object' && details !== null ? { ...details } : {},
    };
  }
  async function captcha() {
    const made = captchaSchema.parse((await ask('POST', '/api/captchas')).body);
    return { id: made.id, work: await workFor(made) };
  }
  const at = `/api/portals/${programme}`;
  return {
    ask,
    captcha,
    register: async (wanted) =>
      ask('POST', `${at}/registrations`, { signsInByNumber: false, ...wanted, captcha: await captcha() }),
    isKnown: (kind, number) => ask('POST', `${at}/registrations/question`, { kind, number }),
    signIn: (account, password) => ask('POST', `${at}/session`, { account, password }),
    async signInByKey(company) {
      const made = await ask('POST', '/api/ca-login/challenges', { captcha: await captcha() });
      const challenge = browserChallengeSchema.parse(made.body);
      const data = challengeBytes({ agreesTo: 'browser-login', ...challenge, origin: url });
      const proof = {
        ...{ certificate: Buffer.from(company.certificate).toString('base64'), chain: [] },
        signature: Buffer.from(signAs(company, data)).toString('base64'),
      };
      return ask('POST', `${at}/session/ukey`, { challenge, proof });
    },
    attach: (draft, slot, picture) =>
      send('POST', `${at}/drafts/${draft}/files/${slot}?name=${encodeURIComponent('证件.png')}`, {
        ...{ type: 'image/png', body: picture },
      }),
    forget: () => cookies.clear(),
  };
}
