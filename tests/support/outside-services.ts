/** The sandbox of the outside services as a process of its own, and the hand of whoever sits before its pages. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { OutsideServiceId } from '#domain/contracts/outside/services.ts';
import {
  faceCheckSchema,
  institutionAccountSchema,
  messageSchema,
  requestSchema,
} from '../emulators/outside-services/schemas.ts';
import { sentAnswerSchema } from '../emulators/outside-services/approval-system.ts';
import type { SentAnswer, sentWorkSchema } from '../emulators/outside-services/approval-system.ts';
import type {
  BehaviourChange,
  OpenidBehaviour,
  SandboxBusiness,
  SandboxFaceCheck,
  SandboxInstitutionAccount,
  SandboxKey,
  SandboxMarketCertificate,
  SandboxMessage,
  SandboxOpenidUser,
  SandboxPerson,
  SandboxQualification,
  SandboxRequest,
} from '../emulators/outside-services/schemas.ts';
import type { SandboxServices } from '../emulators/outside-services/start-sandbox.ts';

const main = fileURLToPath(new URL('../emulators/outside-services/main.ts', import.meta.url));
const readySchema = z.object({ ready: z.literal(true), url: z.string(), servicesFile: z.string() });

export interface TestOutsideServices {
  readonly url: string;
  /** The block `services` of the server's settings. */
  readonly settings: SandboxServices;
  readonly sms: {
    /** The newest to that number, with the code in it. */
    last(mobile: string): Promise<SandboxMessage | undefined>;
    /** Newest first. */
    all(): Promise<SandboxMessage[]>;
  };
  /** Newest first. */
  faceChecks(): Promise<SandboxFaceCheck[]>;
  /** What the person presses on the page of the check. */
  answerFace(checkId: string, passed: boolean): Promise<void>;
  /** What the services were asked, newest first. */
  requests(service?: OutsideServiceId): Promise<SandboxRequest[]>;
  setBehaviour(change: BehaviourChange): Promise<void>;
  /** Known by the number: a second time it changes the name or the mobile number. */
  addPerson(person: SandboxPerson): Promise<void>;
  addBusiness(business: SandboxBusiness): Promise<void>;
  /** Of an enterprise or of one of its persons, at the national platform. */
  addMarketCertificate(
    row: Omit<SandboxMarketCertificate, 'isHeldBack'> & { isHeldBack?: boolean },
  ): Promise<void>;
  addQualification(qualification: SandboxQualification): Promise<void>;
  addKey(key: SandboxKey): Promise<void>;
  /** 工改系统 sends a work to that server, with `token` or its own. */
  pushWork(sent: z.input<typeof sentWorkSchema>): Promise<SentAnswer>;
  /** With the code that its token shows now. */
  institutionAccounts(): Promise<(SandboxInstitutionAccount & { shown?: string | undefined })[]>;
  addInstitutionAccount(account: z.input<typeof institutionAccountSchema>): Promise<void>;
  readonly openid: {
    addUser(user: SandboxOpenidUser): Promise<void>;
    /** Where browsers may be sent back to. */
    setRedirectUris(uris: string[]): Promise<void>;
    setBehaviour(behaviour: Partial<OpenidBehaviour>): Promise<void>;
  };
  /** The whole program is gone; `start` brings it back at the same address, with what it knew. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startOutsideServices(): Promise<TestOutsideServices> {
  const folder = mkdtempSync(join(tmpdir(), 'outside-services-'));
  let child: ChildProcess | undefined;
  let url = '';
  let settings: SandboxServices | undefined;

  async function start(): Promise<void> {
    const port = url === '' ? '0' : new URL(url).port;
    const started = spawn(process.execPath, [main, '--folder', folder, '--port', port], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    const lines = createInterface({ input: started.stdout });
    const [line] = (await Promise.race([
      once(lines, 'line'),
      once(started, 'exit').then(() => Promise.reject(new Error('the sandbox ended before it was ready'))),
    ])) as [string];
    const ready = readySchema.parse(JSON.parse(line));
    url = ready.url;
    // written by the same program that this file belongs to
    settings = JSON.parse(readFileSync(ready.servicesFile, 'utf8')) as SandboxServices;
  }
  async function stop(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  async function ask<T extends z.ZodType>(
    path: string,
    { answer, body }: { answer: T; body?: unknown },
  ): Promise<z.output<T>> {
    const told = await fetch(`${url}/sandbox/${path}`, {
      method: body === undefined ? 'GET' : 'PUT',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!told.ok) throw new Error(`the sandbox refuses ${path}: ${told.status} ${await told.text()}`);
    return answer.parse(await told.json());
  }
  const put = async (path: string, body: unknown): Promise<void> =>
    void (await ask(path, { answer: z.unknown(), body }));
  const messages = (query = ''): Promise<SandboxMessage[]> =>
    ask(`messages${query}`, { answer: z.array(messageSchema) });

  await start();
  return {
    get url() {
      return url;
    },
    get settings() {
      if (!settings) throw new Error('not started');
      return settings;
    },
    sms: { last: async (mobile) => (await messages(`?mobile=${mobile}`))[0], all: () => messages() },
    faceChecks: () => ask('faces', { answer: z.array(faceCheckSchema) }),
    answerFace: (checkId, passed) => put(`faces/${checkId}`, { passed }),
    requests: (service) =>
      ask(service === undefined ? 'requests' : `requests?service=${service}`, {
        answer: z.array(requestSchema),
      }),
    setBehaviour: (change) => put('behaviour', change),
    addPerson: (person) => put('persons', person),
    addBusiness: (business) => put('businesses', business),
    addMarketCertificate: (row) => put('market', row),
    addQualification: (qualification) => put('qualifications', qualification),
    addKey: (key) => put('keys', key),
    pushWork: (sent) => ask('approval-system/works', { answer: sentAnswerSchema, body: sent }),
    institutionAccounts: () =>
      ask('institution-accounts', {
        answer: z.array(institutionAccountSchema.extend({ shown: z.string().exactOptional() })),
      }),
    addInstitutionAccount: (account) => put('institution-accounts', account),
    openid: {
      addUser: (user) => put('openid/users', user),
      setRedirectUris: (uris) => put('openid/redirect-uris', uris),
      setBehaviour: (behaviour) => put('openid/behaviour', behaviour),
    },
    stop,
    start,
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
