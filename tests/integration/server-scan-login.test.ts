/** 扫码登录: a code on a computer, a person with a phone, and those who would like to go in instead. */
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scannedTicketSchema, ticketEventSchema } from '#domain/contracts/public/login-tickets.ts';
import type { TicketEvent } from '#domain/contracts/public/login-tickets.ts';
import { sampled } from '#tests/support/nightly.ts';
import { openUnitAccounts } from '#tests/support/unit-accounts.ts';
import type { UnitAccounts } from '#tests/support/unit-accounts.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { createLoginTicketRows } from '../../sync-server/store/login-ticket-rows.ts';
import { makeDataFolder, sha256, startTestServer } from './server-support.ts';

const programme = 'yunnan-user-centre';
const unit = { name: '云南滇池建设工程有限公司', creditCode: '91530100MA6K3T5A1W' };
const otherUnit = { name: '昆明翠湖监理有限公司', creditCode: '91530100MA6K3T5A2U' };
const main = { name: '李小红', idNumber: '530102199001011231', mobile: '13800000002' };
const handler = { name: '阿依古丽·买买提', idNumber: '530102198812122344', mobile: '13800000003' };
const stranger = { name: '赵六', idNumber: '530102197503071235', mobile: '13800000004' };
const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/128.0 Safari/537.36';

const data = makeDataFolder();
let server: RunningServer;
let accounts: UnitAccounts;
let phones: { main: string; handler: string; stranger: string };
let ids: { main: string; handler: string };
beforeAll(async () => {
  server = await startTestServer(data.folder);
  accounts = await openUnitAccounts(data.folder);
  phones = {
    main: await accounts.phoneOf(main),
    handler: await accounts.phoneOf(handler, { hasShownFace: true }),
    stranger: await accounts.phoneOf(stranger),
  };
  ids = {
    main: await accounts.open({ unit, person: main, kind: 'main', type: 'enterprise' }),
    handler: await accounts.open({
      ...{ unit, person: handler, kind: 'handler', type: 'ordinary', systems: [programme] },
    }),
  };
});
afterAll(async () => {
  await accounts?.close();
  await server?.close();
  data.remove();
});

async function ask(method: string, path: string, cookie = '', body?: unknown) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      ...{ cookie, 'user-agent': userAgent },
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const told: unknown = await answer.json();
  const cookies = answer.headers.getSetCookie();
  const code = typeof told === 'object' && told !== null && 'code' in told ? told.code : undefined;
  return { status: answer.status, told, code, cookies };
}
const cookieIn = (cookies: string[], name: string): string =>
  cookies.find((one) => one.startsWith(`${name}=`))?.split(';')[0] ?? '';

/** A computer that shows a code. */
async function showCode(purpose = 'sign-in', cookie = '') {
  const made = await ask('POST', '/api/login-tickets', cookie, { programme, purpose });
  const { path } = made.told as { path: string };
  const browser = cookieIn(made.cookies, 'ludeng-ticket');
  return { ticket: path.replace('/m/scan?t=', ''), browser, made };
}
const withPhone = (token: string): string => `ludeng-desk=${token}`;
const scan = (token: string, ticket: string) =>
  ask('POST', '/api/scanned-tickets', withPhone(token), { ticket });
const choose = (token: string, choice: { ticket: string; account?: string; system?: string }) =>
  ask('POST', '/api/scanned-tickets/choice', withPhone(token), choice);
const goIn = (browser: string) => ask('POST', '/api/session/phone-scan', browser);

/** Scanned and chosen: the computer may go in. */
async function letIn(phone: string, account: string, system?: string) {
  const { ticket, browser } = await showCode();
  expect((await scan(phone, ticket)).status).toBe(200);
  const chosen = await choose(phone, { ticket, account, ...(system === undefined ? {} : { system }) });
  return { ticket, browser, chosen };
}
/** The cookie of the session at the computer. */
async function signIn(phone: string, account: string, system?: string): Promise<string> {
  const { browser, chosen } = await letIn(phone, account, system);
  expect(chosen.status).toBe(200);
  const { status, cookies } = await goIn(browser);
  expect(status).toBe(200);
  return cookieIn(cookies, 'ludeng-desk');
}

/** What the page hears, until the server ends the stream. */
function listen(browser: string) {
  const heard: TicketEvent[] = [];
  let response: IncomingMessage | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    get(`${server.url}/api/login-tickets/events`, { headers: { cookie: browser } }, (came) => {
      response = came;
      let text = '';
      came.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const said = /^event: ticket\ndata: (.*)$/u.exec(part)?.[1];
          if (said !== undefined) heard.push(ticketEventSchema.parse(JSON.parse(said)));
        }
      });
      came.on('end', resolve);
    }).on('error', reject);
  });
  return { heard, ended, close: () => response?.destroy() };
}

describe('a computer is signed in by a phone', () => {
  it('shows a code whose halves are nowhere in the database, and the browser keeps its half from scripts', async () => {
    const { ticket, browser, made } = await showCode();
    expect(ticket).toMatch(/^[A-Za-z0-9_-]{43}$/u);
    expect(made.cookies[0]).toMatch(/HttpOnly; SameSite=Strict/u);
    const rows = JSON.stringify(await accounts.db.selectFrom('login_ticket').selectAll().execute());
    expect(rows).toContain(sha256(ticket));
    expect(rows).not.toContain(ticket);
    expect(rows).not.toContain(browser.split('=')[1]);
  });

  it('names the computer and the place on the phone, and lists what the person may act through', async () => {
    const { ticket } = await showCode();
    const { told } = await scan(phones.main, ticket);
    const seen = scannedTicketSchema.parse(told);
    expect(seen).toMatchObject({
      purpose: 'sign-in',
      device: 'Windows 10/11 电脑，谷歌浏览器',
      address: '127.0.0.1',
    });
    expect(seen.accounts).toEqual([
      {
        ...{ id: ids.main, kind: 'main', unit: unit.name, title: '企业' },
        systems: [
          { programme, title: '用户中心', isAllowed: true },
          { programme: 'yunnan-quality-safety', title: '质量安全', isAllowed: true },
        ],
      },
    ]);
    const ofStranger = await scan(phones.stranger, (await showCode()).ticket);
    expect(scannedTicketSchema.parse(ofStranger.told).accounts).toEqual([]);
  });

  it('moves on by itself: every step is told to the browser that shows the code, and to it alone', async () => {
    const { ticket, browser } = await showCode();
    const page = listen(browser);
    await waitUntil(() => page.heard.length === 1);
    await scan(phones.main, ticket);
    await waitUntil(() => page.heard.at(-1)?.state === 'scanned');
    await choose(phones.main, { ticket, account: ids.main, system: programme });
    await waitUntil(() => page.heard.at(-1)?.state === 'chosen');
    const gone = await goIn(browser);
    expect(gone.told).toEqual({ destination: '/user-centre/home' });
    await page.ended;
    expect(page.heard.map(({ state }) => state)).toEqual(['waiting', 'scanned', 'chosen', 'used']);
    expect((await ask('GET', '/api/login-tickets/events', 'ludeng-ticket=x')).code).toBe(
      'LOGIN_TICKET_UNKNOWN',
    );
  });

  it('is of the chosen account and its unit, as surely as the phone knows the person', async () => {
    const session = await signIn(phones.main, ids.main, 'yunnan-quality-safety');
    expect((await ask('GET', '/api/session', session)).told).toMatchObject({ id: ids.main });
    const identity = { kind: 'person', scheme: 'id-number', value: main.idNumber, name: main.name };
    expect(await accounts.assuranceOf(ids.main)).toMatchObject([
      { way: 'phone-scan', level: 'password', identity },
    ]);
    await signIn(phones.handler, ids.handler);
    expect(await accounts.assuranceOf(ids.handler)).toMatchObject([{ way: 'phone-scan', level: 'face' }]);
    const listed = await ask('GET', '/api/sessions', session);
    expect(listed.told).toContainEqual(
      expect.objectContaining({ way: 'phone-scan', place: '127.0.0.1', isOwn: true }),
    );
  });

  it('says no on the phone, and the page hears it', async () => {
    const { ticket, browser } = await showCode();
    await scan(phones.main, ticket);
    const page = listen(browser);
    expect(
      (await ask('POST', '/api/scanned-tickets/refusal', withPhone(phones.main), { ticket })).status,
    ).toBe(200);
    await page.ended;
    expect(page.heard.at(-1)?.state).toBe('refused');
    expect((await choose(phones.main, { ticket, account: ids.main })).code).toBe('LOGIN_TICKET_USED');
    expect((await goIn(browser)).code).toBe('LOGIN_TICKET_EXPIRED');
  });

  it('lets a person without real-name authentication choose nothing', async () => {
    const phone = await accounts.phoneOf(
      { name: '钱七', idNumber: '530102199203040517', mobile: '13800000005' },
      { isReal: false },
    );
    expect((await scan(phone, (await showCode()).ticket)).code).toBe('REAL_NAME_MISSING');
  });

  it('lets a browser go on with a registration, once, and into no account', async () => {
    const { ticket, browser } = await showCode('registration');
    expect((await scan(phones.stranger, ticket)).told).toMatchObject({
      purpose: 'registration',
      accounts: [],
    });
    expect((await choose(phones.stranger, { ticket })).status).toBe(200);
    expect((await goIn(browser)).code).toBe('LOGIN_TICKET_UNKNOWN');
  });
});

describe('an account that may not', () => {
  const withHindrance = async (set: Parameters<UnitAccounts['set']>[1], undo: typeof set, code: string) => {
    const { ticket } = await showCode();
    await accounts.set(ids.handler, set);
    const { told } = await scan(phones.handler, ticket);
    const seen = scannedTicketSchema.parse(told).accounts[0];
    const chosen = await choose(phones.handler, { ticket, account: ids.handler, system: programme });
    await accounts.set(ids.handler, undo);
    expect(chosen.code).toBe(code);
    return seen?.hindrance;
  };
  it('is shown as such, and refused: pending, frozen, disabled', async () => {
    expect(await withHindrance({ is_pending: 1 }, { is_pending: 0 }, 'ACCOUNT_PENDING')).toBe('pending');
    const at = new Date().toISOString();
    expect(await withHindrance({ frozen_at: at }, { frozen_at: null }, 'ACCOUNT_FROZEN')).toBe('frozen');
    expect(await withHindrance({ disabled_at: at }, { disabled_at: null }, 'ACCOUNT_DISABLED')).toBe(
      'disabled',
    );
    await signIn(phones.handler, ids.handler, programme);
  });

  it('goes in nowhere either where it is frozen between the choice and the computer', async () => {
    const { browser } = await letIn(phones.handler, ids.handler, programme);
    await accounts.set(ids.handler, { frozen_at: new Date().toISOString() });
    expect((await goIn(browser)).code).toBe('ACCOUNT_FROZEN');
    await accounts.set(ids.handler, { frozen_at: null });
  });

  it('ends at the computer at once where it is frozen, made to wait or disabled there', async () => {
    for (const set of [
      { frozen_at: new Date().toISOString() },
      { is_pending: 1 },
      { disabled_at: new Date().toISOString() },
    ]) {
      const session = await signIn(phones.handler, ids.handler, programme);
      expect((await ask('GET', '/api/own-systems', session)).status).toBe(200);
      await accounts.set(ids.handler, set);
      expect((await ask('GET', '/api/own-systems', session)).code).toBe('UNAUTHENTICATED');
      await accounts.set(ids.handler, { frozen_at: null, is_pending: 0, disabled_at: null });
    }
  });

  it('enters the systems that it is ticked for, and no other', async () => {
    const { chosen } = await letIn(phones.handler, ids.handler, 'yunnan-quality-safety');
    expect(chosen.code).toBe('SYSTEM_NOT_GRANTED');
    const session = await signIn(phones.handler, ids.handler, programme);
    const page = '/api/own-systems/yunnan-quality-safety';
    expect((await ask('GET', page, session)).code).toBe('SYSTEM_NOT_GRANTED');
    await accounts.tick(ids.handler, [programme, 'yunnan-quality-safety']);
    const now = await ask('GET', page, session);
    expect(now.told).toMatchObject({ title: '质量安全' });
    // with other rights comes another token
    expect(cookieIn(now.cookies, 'ludeng-desk')).not.toBe('');
    expect(cookieIn(now.cookies, 'ludeng-desk')).not.toBe(session);
    await accounts.tick(ids.handler, []);
    const { chosen: nothing } = await letIn(phones.handler, ids.handler);
    expect(nothing.code).toBe('SYSTEM_NOT_GRANTED');
    await accounts.tick(ids.handler, [programme]);
  });

  it('is not another person’s, whoever scans', async () => {
    const { ticket } = await showCode();
    await scan(phones.stranger, ticket);
    expect((await choose(phones.stranger, { ticket, account: ids.main })).code).toBe('NOT_FOUND');
    const elsewhere = await accounts.open({
      ...{ unit: otherUnit, person: stranger, kind: 'main', type: 'enterprise' },
    });
    expect((await choose(phones.stranger, { ticket, account: elsewhere })).status).toBe(200);
  });
});

describe('whoever would go in instead', () => {
  it('has no use for a code without the browser that shows it', async () => {
    const { ticket, browser } = await letIn(phones.main, ids.main);
    const other = await showCode();
    expect((await goIn(other.browser)).code).toBe('LOGIN_TICKET_NOT_READY');
    expect((await goIn('')).code).toBe('LOGIN_TICKET_UNKNOWN');
    expect((await goIn(`ludeng-ticket=${ticket}`)).code).toBe('LOGIN_TICKET_UNKNOWN');
    expect((await goIn(browser)).status).toBe(200);
  });

  it('cannot use a code twice, nor one that another person has scanned', async () => {
    const { ticket, browser } = await letIn(phones.main, ids.main);
    expect((await goIn(browser)).status).toBe(200);
    expect((await goIn(browser)).code).toBe('LOGIN_TICKET_USED');
    expect((await scan(phones.main, ticket)).code).toBe('LOGIN_TICKET_USED');

    const { ticket: second } = await showCode();
    expect((await scan(phones.main, second)).status).toBe(200);
    expect((await scan(phones.main, second)).status).toBe(200);
    expect((await scan(phones.stranger, second)).code).toBe('LOGIN_TICKET_TAKEN');
    expect((await choose(phones.stranger, { ticket: second, account: ids.main })).code).toBe(
      'LOGIN_TICKET_TAKEN',
    );
  });

  it('is told of a code that has run out, and the page too', async () => {
    const { ticket, browser } = await letIn(phones.main, ids.main);
    const { ticket: unscanned } = await showCode();
    for (const one of [ticket, unscanned])
      await accounts.db
        .updateTable('login_ticket')
        .set({ expires_at_ms: Date.now() - 1 })
        .where('ticket_sha', '=', sha256(one))
        .execute();
    expect((await scan(phones.main, unscanned)).code).toBe('LOGIN_TICKET_EXPIRED');
    expect((await goIn(browser)).code).toBe('LOGIN_TICKET_EXPIRED');
    const page = listen(browser);
    await page.ended;
    expect(page.heard.map(({ state }) => state)).toEqual(['expired']);
  });

  it('ends the earlier code of a browser with the next one', async () => {
    const first = await showCode();
    const next = await showCode('sign-in', first.browser);
    expect((await scan(phones.main, first.ticket)).code).toBe('LOGIN_TICKET_UNKNOWN');
    expect((await scan(phones.main, next.ticket)).status).toBe(200);
  });

  it('is slowed down where he guesses, and the code in hand still works from another phone', async () => {
    const guesser = await accounts.phoneOf({
      ...{ name: '孙八', idNumber: '530102199305061239', mobile: '13800000006' },
    });
    const codes: unknown[] = [];
    for (let n = 0; n < 22; n += 1) codes.push((await scan(guesser, 'x'.repeat(43))).code);
    expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'LOGIN_TICKET_UNKNOWN'));
    expect(codes.at(-1)).toBe('TOO_MANY_ATTEMPTS');
    expect((await scan(phones.main, (await showCode()).ticket)).status).toBe(200);
  });

  it('needs a person’s own session on the phone', async () => {
    const { ticket } = await showCode();
    expect((await ask('POST', '/api/scanned-tickets', '', { ticket })).code).toBe('UNAUTHENTICATED');
    const session = await signIn(phones.main, ids.main);
    expect((await ask('POST', '/api/scanned-tickets', session, { ticket })).code).toBe('FORBIDDEN');
  });
});

it(
  'lets one in of fifty that come at once with the same half, every time',
  { timeout: 600_000 },
  async () => {
    const rows = createLoginTicketRows(accounts.db);
    const rounds = sampled(4, 200);
    let through = 0;
    for (let round = 0; round < rounds; round += 1) {
      // so many codes from one address would be slowed down, which is another test's matter
      await accounts.db.deleteFrom('tally').execute();
      const { browser } = await letIn(phones.main, ids.main);
      const { id } = await accounts.db
        .selectFrom('login_ticket')
        .select('id')
        .where('browser_sha', '=', sha256(browser.split('=')[1] ?? ''))
        .executeTakeFirstOrThrow();
      const tries = await Promise.all(Array.from({ length: 50 }, () => rows.take(id, { nowMs: Date.now() })));
      through += tries.filter(Boolean).length;
    }
    expect(through).toBe(rounds);
  },
);
