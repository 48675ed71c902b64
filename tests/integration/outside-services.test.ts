/** Every adapter of the server against the sandbox of the outside services, a process of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { outsideServiceIds, outsideServices } from '#domain/contracts/outside/services.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import type { AccountProof } from '../../sync-server/ports/outside/institution-accounts.ts';
import type { OutsideServices } from '../../sync-server/wiring/outside-services.ts';
import {
  company,
  connectServices,
  faceRequest,
  institution,
  person,
  questions,
  refusal,
} from './outside-services-support.ts';

const contentSchema = z.object({
  'application/json': z.object({ schema: z.record(z.string(), z.unknown()) }),
});
const schemaIn = (content: z.infer<typeof contentSchema>) =>
  // JSON Schema as it came over HTTP; fromJSONSchema refuses what is none
  content['application/json'].schema as Parameters<typeof z.fromJSONSchema>[0];

let sandbox: TestOutsideServices;
let outside: OutsideServices;

beforeAll(async () => {
  sandbox = await startOutsideServices();
  outside = connectServices({ services: sandbox.settings });
});
afterEach(() => sandbox.setBehaviour({ service: 'all', mode: 'normal' }));
afterAll(() => sandbox.close());

describe('the outside services', () => {
  it('carry a message, with the text as it was made', async () => {
    await questions.sms(outside);
    expect(await sandbox.sms.last(person.mobile)).toMatchObject({
      text: '【绿灯站】验证码 482913，5 分钟内有效。',
      code: '482913',
    });
  });

  it('know whether name, id number and mobile number are of one person', async () => {
    expect(await outside.realName.matches(person)).toBe(true);
    expect(await outside.realName.matches({ ...person, name: '杨志' })).toBe(false);
    expect(await outside.realName.matches({ ...person, idNumber: '530103197908223029' })).toBe(false);
    expect(await outside.realName.matches({ ...person, mobile: '13900000012' })).toBe(false);
    expect(await outside.mobileCheck.matches({ name: '段䶮', mobile: '13900000016' })).toBe(true);
    expect(await outside.mobileCheck.matches({ name: '段䶮', mobile: '13900000011' })).toBe(false);
    await sandbox.addPerson({ name: '新来的人', idNumber: '532930199506307063', mobile: '13711112222' });
    expect(await outside.mobileCheck.matches({ name: '新来的人', mobile: '13711112222' })).toBe(true);
  });

  it('say what the business register has of a unit, or that it has none', async () => {
    expect(await outside.businessRegister.find(company)).toMatchObject({
      name: '云南滇池建设工程有限公司',
      legalRepresentative: '杨志明',
      state: 'active',
    });
    expect(await outside.businessRegister.find('92530103MA6K1E093P')).toBeUndefined();
    const unit = await outside.businessRegister.find('91530300MA6K1C047J');
    if (!unit) throw new Error('not in the register');
    await sandbox.addBusiness({ ...unit, name: '曲靖珠源咨询集团有限公司' });
    expect((await outside.businessRegister.find(unit.creditCode))?.name).toBe('曲靖珠源咨询集团有限公司');
  });

  it('list the keys that a unit was given', async () => {
    expect((await outside.caCompany.keysOf(company)).map(({ state }) => state)).toEqual(['valid', 'revoked']);
    expect(await outside.caCompany.keysOf('91530400MA6K1B036C')).toEqual([]);
    const application = {
      ...{ creditCode: '91430100MA4L1A2B3F', name: '湖南湘江建设有限公司', legalRepresentative: '周建军' },
      ...{ legalRepresentativeId: '430103198512120024', contactName: '李敏', contactPhone: '13973112233' },
    };
    expect(await outside.caCompany.apply(application)).toMatchObject({ isAccepted: true });
  });

  it('know the accounts of a unit by either of its codes, whose they are, and open another one once', async () => {
    const { institutionAccounts } = outside;
    const system = institution.system;
    const [found] = await institutionAccounts.find({ system, codes: ['91310101MA1FL3K022', 'MA1FL3K02'] });
    expect(found).toEqual({
      ...{ account: 'ZX310100027', name: '上海浦江工程造价咨询有限公司', kind: '审价单位' },
      ...{ code: 'MA1FL3K02', openingId: null },
    });
    expect(await institutionAccounts.find({ system: 'another', codes: ['MA1FL3K02'] })).toEqual([]);

    const all = await sandbox.institutionAccounts();
    const code = all.find(({ account }) => account === found?.account)?.shown;
    const prove = (account: string, proof: AccountProof) =>
      institutionAccounts.prove({ system, account, proof });
    const shown = { way: 'otp', code: code ?? '' } as const;
    expect(await prove('SJ310100012', shown)).toBe(false);
    expect(await prove('ZX310100027', { way: 'otp', code: '000000' })).toBe(false);
    expect(await prove('ZX310100027', shown)).toBe(true);
    expect(await prove('ZX310100027', shown)).toBe(false);
    expect(await prove('ZX310100027', { way: 'key', serial: '5A0C' })).toBe(false);

    const unit = { system, kind: '审计单位', name: '上海某某会计师事务所', creditCode: '91310101MA1FL4C71M' };
    const opened = await institutionAccounts.open({ ...unit, openingId: 'first', information: {} });
    expect(opened).toMatch(/^WX/);
    expect(await institutionAccounts.open({ ...unit, openingId: 'first', information: {} })).toBe(opened);
    expect(await institutionAccounts.open({ ...unit, openingId: 'second', information: {} })).toBeUndefined();
  });

  it.each(outsideServiceIds)(
    'are unreachable where %s fails, refuses, babbles, floods, answers something else or sends elsewhere',
    async (id) => {
      const log: unknown[] = [];
      const watched = connectServices({ services: sandbox.settings }, { log });
      for (const [mode, problem, status] of [
        ['fail', 'the service answered 500', 500],
        ['refuse', 'the service answered 403', 403],
        ['garbage', 'the answer is not JSON', undefined],
        ['stray', 'the answer is of another form', undefined],
        ['oversize', 'the answer is too long', undefined],
        ['redirect', 'unexpected redirect', undefined],
      ] as const) {
        await sandbox.setBehaviour({ service: id, mode });
        const error = await refusal(questions[id](watched));
        expect(error.code, mode).toBe('SERVICE_UNREACHABLE');
        expect(error.details, mode).toEqual({
          service: outsideServices[id].name,
          ...(status === undefined ? {} : { status }),
        });
        const line = JSON.stringify(log.at(-1));
        expect(line, mode).toContain(outsideServices[id].name);
        expect(line, mode).toContain(problem);
        expect(everythingOf(error) + JSON.stringify(log)).not.toMatch(
          /杨志明|530102198503152013|13900000011|482913/,
        );
      }
      await sandbox.setBehaviour({ service: id, mode: 'normal' });
      await questions[id](watched);
    },
  );

  it('are given up where they do not answer in time', async () => {
    await sandbox.setBehaviour({ service: 'all', mode: 'slow', delayMs: 3_000 });
    const { face } = sandbox.settings;
    const asked = outsideServiceIds.map(
      (id) => [id, { ...sandbox.settings[id], timeoutSeconds: 1 }] as const,
    );
    const hasty = connectServices({
      services: {
        ...Object.fromEntries(asked),
        face: { ...face, timeoutSeconds: 1 },
      },
    });
    const errors = await Promise.all(outsideServiceIds.map((id) => refusal(questions[id](hasty))));
    expect(errors.map(({ code }) => code)).toEqual(outsideServiceIds.map(() => 'SERVICE_UNREACHABLE'));
  });

  it.each(outsideServiceIds)('take no question from whoever has not the token of %s', async (id) => {
    const { [id]: place } = sandbox.settings;
    const { token: _, ...without } = place;
    const error = await refusal(
      questions[id](connectServices({ services: { ...sandbox.settings, [id]: without } })),
    );
    expect(error).toMatchObject({ code: 'SERVICE_UNREACHABLE', details: { status: 401 } });
  });

  it('are named where they are not configured, and nothing is pretended', async () => {
    const nothing = connectServices({});
    for (const id of outsideServiceIds) {
      const error = await refusal(questions[id](nothing));
      expect(error).toMatchObject({
        code: 'SERVICE_MISSING',
        details: { service: outsideServices[id].name },
      });
    }
    expect((await refusal(nothing.face.resultOf('x', faceRequest()))).code).toBe('SERVICE_MISSING');
  });

  it('hear the check of mobile numbers also where the settings name it as they did before', async () => {
    const earlier = connectServices({ mobileCheck: sandbox.settings.mobileCheck });
    expect(await questions.mobileCheck(earlier)).toBe(true);
  });

  it('are asked again after the whole program was gone, and it knows what it knew', async () => {
    const wanted = faceRequest();
    const { checkId } = await outside.face.begin(wanted);
    await sandbox.stop();
    for (const id of outsideServiceIds)
      expect((await refusal(questions[id](outside))).code).toBe('SERVICE_UNREACHABLE');
    await sandbox.start();
    await sandbox.answerFace(checkId, true);
    expect(await outside.face.resultOf(checkId, wanted)).toBe('passed');
  });
});

/** The error with all that a log would write of it. */
function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const details = error instanceof AppError ? JSON.stringify(error.details) : '';
  return `${error.stack ?? ''}${details}${error.cause === undefined ? '' : everythingOf(error.cause)}`;
}

describe('what the adapters ask', () => {
  const openApiSchema = z.object({
    openapi: z.literal('3.1.0'),
    paths: z.record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          operationId: z.string(),
          requestBody: z.object({ content: contentSchema }).optional(),
          responses: z.looseObject({ 200: z.object({ content: contentSchema }) }),
        }),
      ),
    ),
  });

  it.each(outsideServiceIds)(
    'is what the OpenAPI page of %s says, and so is what they are answered',
    async (id) => {
      await questions[id](outside);
      const told = await fetch(`${sandbox.url}/openapi/${id}.json`);
      const { paths } = openApiSchema.parse(await told.json());
      const operations = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
      );
      const [request] = await sandbox.requests(id);
      const asked = operations.find(({ operationId }) => operationId === request?.operation);
      if (!request || !asked?.requestBody) throw new Error('not described');
      const described = z.fromJSONSchema(schemaIn(asked.requestBody.content));
      expect(described.safeParse(request.body).error).toBeUndefined();
      // it is a description of this request and of no other
      const body = z.record(z.string(), z.unknown()).parse(request.body);
      for (const key of Object.keys(body))
        expect(described.safeParse({ ...body, [key]: undefined }).success).toBe(false);
      expect(described.safeParse({ ...body, other: 1 }).success).toBe(false);

      const again = await fetch(new URL(`/services${asked.path}`, sandbox.url), {
        method: asked.method,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${sandbox.settings[id].token}`,
        },
        body: JSON.stringify(body),
      });
      expect(again.status).toBe(200);
      const answer = z.fromJSONSchema(schemaIn(asked.responses[200].content)).safeParse(await again.json());
      expect(answer.error).toBeUndefined();
    },
  );

  it('has nothing of a person in an address, and a body that the service refuses to guess at', async () => {
    for (const service of Object.values(outsideServices))
      for (const { path } of Object.values<{ path: string }>(service.operations))
        expect(path).toMatch(/^(?:\/checks(?:\/:checkId)?|\/proofs|\/openings|\/applications)?$/);
    const { url, token } = sandbox.settings.sms;
    const send = (body: string) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
      });
    for (const body of [
      '{}',
      '[',
      '{"mobile":"123","text":"x"}',
      '{"mobile":"13900000011","text":"x","more":1}',
    ])
      expect((await send(body)).status).toBe(400);
  });
});

describe('a server', () => {
  it('keeps the file with the tokens for its own account, and says so', () => {
    const folder = mkdtempSync(join(tmpdir(), 'services-file-'));
    try {
      const file = join(folder, 'services.json');
      writeFileSync(file, JSON.stringify(sandbox.settings), { mode: 0o644 });
      const main = new URL('../../sync-server/main.ts', import.meta.url).pathname;
      const { stderr } = spawnSync(process.execPath, [main, 'alarms'], {
        encoding: 'utf8',
        env: { ...process.env, LUDENG_SERVER_DATA: join(folder, 'data'), LUDENG_SERVER_SERVICES: file },
      });
      expect(stderr).toContain(`权限已收紧`);
      expect(stderr).toContain(file);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the sandbox', () => {
  it('answers no page of another site, no name but its own, no other machine, and offers the key that signs', async () => {
    const read = (path: string, options: RequestOptions = {}) =>
      new Promise<number | undefined>((resolve, reject) => {
        request(`${sandbox.url}${path}`, options, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await read('/sandbox/messages')).toBe(200);
    expect(await read('/sandbox/messages', { headers: { origin: 'https://evil.example' } })).toBe(403);
    expect(await read('/sandbox/messages', { headers: { host: 'evil.example' } })).toBe(403);
    // another machine, as far as an address can tell: it reaches the page of a face check alone
    const there = { localAddress: '127.0.0.2' };
    for (const path of ['/', '/messages', '/sandbox/messages', '/services/sms', '/faces', '/face'])
      expect(await read(path, there), path).toBe(403);
    expect(await read('/face/unknown', there)).toBe(404);
    expect(await read('/assets/sandbox.css', there)).toBe(200);
    const key = await (await fetch(`${sandbox.url}/sandbox/face-public-key`)).text();
    expect(key).toBe(sandbox.settings.face.publicKey);
  });
});
