/** Wrong keys, pulled keys, and callers who may not ask: told in Chinese with what to do, and the draft is still there. */
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { wireErrorSchema } from '#domain/errors/app-error.ts';
import {
  contentOf,
  expectWords,
  messageOf,
  otherCompany,
  refused,
  slot,
  useCounterWithDraft,
} from '#tests/support/bad-input.ts';
import { eventually } from '#tests/support/whole-station.ts';

const counter = useCounterWithDraft();
const { applicant, copyOfDraft, draftStands, plugIn } = counter;

describe('the UKey', () => {
  test.each([
    ['full-width digits', '１２３４５６７８'],
    ['too few characters', '123'],
    ['too many characters', '1'.repeat(80)],
    ['no characters', ''],
  ])('LNC-012 a PIN of %s is refused before it costs a try', async (_what, pin) => {
    const { action } = await refused('PIN_FORMAT', applicant.seal(counter.draft.id, slot, pin));
    expect(action).toContain('半角');
    expect((await ownToken()).pin).toMatchObject({ countLow: false, locked: false });
    await draftStands();
  });

  test('LNC-065 a wrong PIN does not seal', async () => {
    await refused('PIN_INCORRECT', applicant.seal(counter.draft.id, slot, '99999999'));
    await draftStands();
    // The right one sets the token's counter back.
    await applicant.login();
  });

  test('a key that is pulled out is missed at the next seal, and the device list says what to do', async () => {
    await plugIn('none');
    const { action } = await refused('TOKEN_MISSING', applicant.seal(counter.draft.id, slot));
    expect(action).toContain('USB');
    const token = await eventually('the list shows the missing key', async () =>
      (await counter.whole.station.call('station')).devices.find(
        ({ kind, state }) => kind === 'signing-token' && state === 'missing',
      ),
    );
    expect(token.advice).toMatch(/UKey/);
    await plugIn('own');
    await draftStands();
  });

  test('LNC-065 a key pulled out while signing leaves no seal, and signs when it is back', async () => {
    const { record } = await copyOfDraft();
    await counter.whole.counter.token.setFault({ trouble: 'remove-at-sign' }, ...othersRemoved());
    const { action } = await refused('TOKEN_REMOVED', applicant.seal(record.id, slot));
    expect(action).toContain('重新插入');
    const after = await applicant.record(record.id);
    expect(after.materials[0]?.seal).toBeUndefined();
    expect(contentOf(after)).toEqual(contentOf(record));
    await plugIn('own');
    expect((await applicant.seal(record.id, slot)).materials[0]?.seal).toBeDefined();
  });

  test('LNC-065 a key whose driver crashes while signing is a fault with words, and signs the next time', async () => {
    await counter.whole.counter.token.setFault({ trouble: 'crash-at-sign' }, ...othersRemoved());
    await refused('DEVICE_FAULT', applicant.seal(counter.draft.id, slot));
    await plugIn('own');
    await draftStands();
  });

  test('LNC-012 another company’s key neither seals this draft nor sees it', async () => {
    await plugIn('other');
    await refused('TOKEN_MISSING', applicant.seal(counter.draft.id, slot));
    const [token] = await counter.whole.station.call('tokens');
    const certificateId = token?.certificates[0]?.id;
    const theirs = { tokenId: token?.id, certificateId, pin: otherCompany.pin };
    const { revision } = await applicant.record(counter.draft.id);
    const sealing = async () =>
      counter.whole.station.finished(
        await counter.whole.station.call('seal', {
          params: { id: counter.draft.id, slot },
          body: { revision, ...theirs },
        }),
      );
    await refused('CERTIFICATE_OF_OTHER_SUBJECT', sealing());

    await counter.whole.station.call('login', { body: theirs });
    await counter.whole.station.call('role', { body: { role: 'bidder' } });
    await refused('NOT_FOUND', applicant.record(counter.draft.id));
    expect(await counter.whole.station.call('records')).toEqual([]);
    await plugIn('own');
    await applicant.login();
    await draftStands();
  });

  test('LNC-012 a key is warned before its last try, locked after it, and stays locked for the right PIN', async () => {
    const told: string[] = [];
    for (let tries = 0; tries < 6; tries++)
      told.push(await applicant.seal(counter.draft.id, slot, '99999999').then(String, messageOf));
    expect(told.at(-2)).toContain('最后一次');
    const { action } = await refused('PIN_LOCKED', applicant.seal(counter.draft.id, slot));
    expect(action).toContain('CA机构');
    await refused('PIN_LOCKED', applicant.login());
    await draftStands();
    await counter.whole.counter.token.unlock();
    await applicant.login();
  });
});

describe('who may ask', () => {
  const own = () => new URL(counter.whole.agent.url).host;

  test.each<[string, string, string, (cookie: { cookie: string }) => Record<string, string>]>([
    [
      'a page of another origin',
      'origin',
      'FOREIGN_ORIGIN',
      (cookie) => ({ ...cookie, host: own(), origin: 'https://example.com' }),
    ],
    [
      'a page under another name',
      'host',
      'FOREIGN_ORIGIN',
      (cookie) => ({ ...cookie, host: 'attacker.example' }),
    ],
    ['a request without the token', 'token', 'PAGE_NOT_OPENED', () => ({ host: own() })],
    [
      'a request with a guessed token',
      'token',
      'PAGE_NOT_OPENED',
      ({ cookie }) => ({ host: own(), cookie: cookie.replace(/=.*/u, '=guessed') }),
    ],
  ])(
    '%s is refused and logged, when it reads a record and when it asks the UKey for a seal',
    async (_who, reason, code, headersWith) => {
      const headers = headersWith(await counter.whole.station.headers());
      const token = await ownToken();
      const record = `/api/records/${counter.draft.id}`;
      const pin = '99999999';
      const seal = { tokenId: token.id, certificateId: token.certificates[0]?.id, pin, revision: 1 };
      for (const [path, given] of [
        [record],
        ['/api/tokens'],
        [`${record}/materials/${slot}/seal`, seal],
        ['/api/devices/test', { id: token.id, pin }],
      ] as const) {
        const { status, body } = await ask(path, headers, given);
        expect(status).toBe(403);
        const wire = wireErrorSchema.parse(JSON.parse(body));
        expect(wire.code).toBe(code);
        expectWords(wire);
      }
      // once for all of them: whoever is refused cannot fill the log
      const logged = counter.whole.warnings.filter(({ context }) => context['reason'] === reason);
      expect(logged).toHaveLength(1);
      expect(JSON.stringify(counter.whole.warnings)).not.toContain(pin);
      // The UKey was not even asked: the wrong PIN has cost no try.
      expect((await ownToken()).pin).toEqual(token.pin);
      await draftStands();
    },
  );
});

function othersRemoved() {
  return counter.whole.counter.token.tokens
    .slice(1)
    .map(({ serialNumber }) => ({ trouble: 'removed' as const, serialNumber }));
}

async function ownToken() {
  const [token] = await counter.whole.station.call('tokens');
  if (!token) throw new Error('no token is plugged in');
  return token;
}

/** Not fetch: it does not let Host be set. */
function ask(
  path: string,
  headers: Record<string, string>,
  given?: object,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const json = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
    const options = given ? json : { headers };
    const asked = request(new URL(path, counter.whole.agent.url), options, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (part: string) => (body += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.on('error', reject).end(given && JSON.stringify(given));
  });
}
