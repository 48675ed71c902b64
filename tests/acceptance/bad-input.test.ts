/**
 * What goes wrong at a counter: bad paper, bad files, wrong keys, pulled plugs, two stations with one name. Each is told
 * in Chinese with what to do, and the draft is still there. Everything is real but the hardware.
 */
import { cpSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError, wireErrorSchema } from '#domain/errors/app-error.ts';
import type { WireError } from '#domain/errors/app-error.ts';
import { agentEventSchema } from '#domain/contracts/kiosk-agent.ts';
import type { Job, LineState } from '#domain/contracts/kiosk-agent.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { agentThatEnds, startAgentProcess } from '#tests/support/agent-process.ts';
import { createApplicant, qualificationValues } from '#tests/support/applicant.ts';
import {
  cutOff,
  encryptedPdf,
  noiseWithHead,
  pdfOfManyPages,
  photographOfBlankSheet,
  pictureOfCat,
  tiffOf,
  turnedByExif,
} from '#tests/support/bad-paper.ts';
import { demoQualification, drawConstructionQualification } from '#tests/support/certificates.ts';
import type { CertificatePicture } from '#tests/support/certificates.ts';
import { photograph } from '#tests/support/photograph.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';
import { openStore } from '../../scanner-agent/store/open-store.ts';

const slot = 'certificate';
const cardSlot = 'legal-representative-id';
const otherCompany = {
  companyName: '大连滨海市政工程有限公司',
  creditCode: '91210200MA0XYRK84Y',
  pin: '87654321',
};

let whole: WholeStation;
let certificate: CertificatePicture;
let photo: Uint8Array;
/** The draft that every test finds and leaves as it was: read, corrected, marked. */
let draft: LudengRecord;
const applicant = createApplicant(() => whole);

beforeAll(async () => {
  whole = await startWholeStation({ otherHolders: [otherCompany] });
  await plugIn('own');
  certificate = await drawConstructionQualification(demoQualification);
  photo = (await photograph(certificate, { seed: 21 })).jpeg;
  await applicant.login();
  draft = (await copyOfDraft()).record;
});
afterAll(() => whole.close());
beforeEach(async () => {
  await plugIn('own');
  if (!(await whole.station.call('station')).session) await applicant.login();
  // One failure must not look like many.
  if (!isDeepStrictEqual(contentOf(await applicant.record(draft.id)), contentOf(draft)))
    draft = (await copyOfDraft()).record;
});

describe('a picture that is no page', () => {
  test('LNC-058 a blank sheet is refused and takes nothing’s place', async () => {
    const { action } = await refused('PAGE_BLANK', upload(await photographOfBlankSheet()));
    expect(action).toContain('有内容的一面');
    await draftStands();
  });

  test('LNC-058 a picture of a cat is refused and takes nothing’s place', async () => {
    const { action } = await refused('PAGE_NOT_FOUND', upload(await pictureOfCat()));
    expect(action).toContain('平放');
    await draftStands();
  });

  test('LNC-059 an upside-down page is turned, read, and the person is told', async () => {
    const { jpeg } = await photograph(certificate, { turnDeg: 182, seed: 43 });
    const { record, notes } = await uploadAnew(jpeg);
    expect(notes).toContain('页面是倒置的，已自动转正');
    expect(record.materials[0]?.readings['companyName']?.value).toBe(demoQualification.companyName);
  });

  test('LNC-059 a telephone picture that EXIF turns is read as it is seen', async () => {
    const { record } = await uploadAnew(await turnedByExif(photo));
    expect(record.materials[0]?.readings['certificateNumber']?.value).toBe(
      demoQualification.certificateNumber,
    );
  });

  test('LNC-053 of a page that is cut off the person is told what to do', async () => {
    const { notes } = await uploadAnew(await cutOff(certificate));
    expect(notes).toContain('证件没有完整进入画面，请移动证件后重拍');
  });
});

describe('a file that cannot be read', () => {
  test.each<[string, AppError['code'], () => Promise<Uint8Array> | Uint8Array]>([
    ['a JPEG cut short', 'FILE_DAMAGED', () => photo.subarray(0, Math.round(photo.length / 3))],
    ['noise that is named .jpg', 'FILE_UNSUPPORTED', () => noiseWithHead(0x11)],
    ['noise that begins like a JPEG', 'FILE_DAMAGED', () => noiseWithHead(0xff, 0xd8, 0xff, 0xe0)],
    ['noise that begins like a PDF', 'FILE_DAMAGED', () => noiseWithHead(...Buffer.from('%PDF-1.7\n'))],
    ['a PDF with a password', 'FILE_ENCRYPTED', encryptedPdf],
    ['a PDF of 301 pages', 'TOO_MANY_PAGES', () => pdfOfManyPages(301)],
    ['a file of a word processor', 'FILE_UNSUPPORTED', () => noiseWithHead(0x50, 0x4b, 0x03, 0x04)],
    ['an empty file', 'FILE_DAMAGED', () => new Uint8Array()],
    ['60 MB', 'FILE_TOO_LARGE', () => new Uint8Array(60 * 1024 * 1024).fill(7)],
  ])('LNC-054 %s is refused with %s', async (_what, code, make) => {
    await refused(code, upload(await make()));
    await draftStands();
  });

  test('LNC-054 a text file is refused whatever type the browser gives it', async () => {
    for (const type of ['text/plain', 'application/json']) {
      const answer = await fetch(pagesUrl(), {
        method: 'POST',
        headers: { authorization: `Bearer ${whole.agent.token}`, 'content-type': type },
        body: '资质证书',
      });
      const wire = wireErrorSchema.parse(await answer.json());
      expect(['FILE_UNSUPPORTED', 'BAD_REQUEST']).toContain(wire.code);
      expectWords(wire);
    }
    await draftStands();
  });

  test('LNC-054 a TIFF of two sheets gives two pages', async () => {
    const sheet = await sharp(Buffer.from(certificate.png)).resize({ width: 1240 }).png().toBuffer();
    const { record } = await uploadAnew(await tiffOf([sheet, sheet]));
    expect(record.materials[0]?.pages).toHaveLength(2);
    expect(record.materials[0]?.readings['companyName']?.value).toBe(demoQualification.companyName);
  });

  test('LNC-054 of a hundred pages one is damaged: the others arrive with progress, the one is named', async () => {
    const { id } = await applicant.addQualification();
    const events = await listen();
    const job = await whole.station.call('capture', {
      params: { id, slot },
      query: { source: 'upload' },
      body: await pdfOfManyPages(100, 41),
    });
    const done = await whole.station.finished(job, 400_000);
    const seen = events.jobs().filter((one) => one.id === job.id && one.stage === 'opening');
    events.close();
    expect(seen.map((one) => one.done)).toEqual(expect.arrayContaining([1, 50, 100]));
    expect((await applicant.record(id)).materials[0]?.pages).toHaveLength(100);
    const damaged = done.notes.filter(({ text }) => text.includes('请单独扫描此页后补传'));
    expect(damaged.map(({ page }) => page)).toEqual([41]);
    await draftStands();
  }, 420_000);

  test('while a document is read a second one waits its turn, and a cancelled one leaves the draft', async () => {
    const job = await whole.station.call('capture', {
      params: { id: draft.id, slot },
      query: { source: 'upload' },
      body: await pdfOfManyPages(20),
    });
    await refused('WORK_IN_PROGRESS', upload(photo));
    await whole.station.call('cancelJob', { params: { id: job.id } });
    await refused('CANCELLED', whole.station.finished(job));
    await draftStands();
  });
});

describe('values', () => {
  test('LNC-060 5,000 characters are refused by a short field, which is named with its limit', async () => {
    const { message } = await refused('VALUE_TOO_LONG', fill({ companyName: '辽'.repeat(5_000) }));
    expect(message).toContain('单位名称');
    expect(message).toContain('100');
    await draftStands();
  });

  test('LNC-060 5,001 characters are refused by every field', async () => {
    await refused('VALUE_TOO_LONG', fill({ qualificationCategoryAndGrade: '辽'.repeat(5_001) }));
    await draftStands();
  });

  test('LNC-028 5,000 characters stay in a field that takes them', async () => {
    const { id } = await whole.station.call('createRecord', { body: { kind: 'basic-info', answers: {} } });
    const businessScope = '房屋建筑工程施工；'.repeat(556).slice(0, 5_000);
    await applicant.fill(id, 'business-licence', { businessScope });
    const kept = await applicant.record(id);
    expect(
      kept.materials.find((one) => one.slot === 'business-licence')?.values['businessScope'],
    ).toHaveLength(5_000);
  });

  test('LNC-037 a claim of 2,000 characters is judged red in good time', async () => {
    const { record } = await copyOfDraft({
      qualificationCategoryAndGrade: '建筑工程施工总承包壹级、'.repeat(166),
    });
    await applicant.seal(record.id, slot);
    const { checked } = await applicant.save(record.id, slot);
    const row = checked?.verdict.fields.find(({ field }) => field === 'qualificationCategoryAndGrade');
    expect(row?.light).not.toBe('green');
  });

  test('LNC-066 an edit of what has changed meanwhile is refused and shows the newest', async () => {
    const stale = { revision: draft.revision - 1, values: { companyName: '辽宁旧稿有限公司' } };
    const { action } = await refused(
      'CONFLICT',
      whole.station.call('editValues', { params: { id: draft.id, slot }, body: stale }),
    );
    expect(action).toContain('核对');
    await draftStands();
  });

  test('LNC-050 a mark on a page that is not there is refused; one beside the paper proves nothing', async () => {
    const box = [
      [90_000, 90_000],
      [90_400, 90_000],
      [90_400, 90_040],
      [90_000, 90_040],
    ];
    const marks = (page: number) => ({ ...draft.materials[0]?.marks, companyName: [{ page, box }] });
    const at = { params: { id: draft.id, slot } };
    const { revision } = await applicant.record(draft.id);
    await refused(
      'BAD_REQUEST',
      whole.station.call('editMarks', { ...at, body: { revision, marks: marks(7) } }),
    );
    await draftStands();

    const { record } = await copyOfDraft();
    await whole.station.call('editMarks', {
      params: { id: record.id, slot },
      body: { revision: record.revision, marks: marks(0) },
    });
    await applicant.seal(record.id, slot);
    const { checked } = await applicant.save(record.id, slot);
    expect(checked?.verdict.fields.find(({ field }) => field === 'companyName')?.light).toBe('red');
  });
});

describe('the UKey', () => {
  test.each([
    ['full-width digits', '１２３４５６７８'],
    ['too few characters', '123'],
    ['too many characters', '1'.repeat(80)],
    ['no characters', ''],
  ])('LNC-012 a PIN of %s is refused before it costs a try', async (_what, pin) => {
    const { action } = await refused('PIN_FORMAT', applicant.seal(draft.id, slot, pin));
    expect(action).toContain('半角');
    expect((await ownToken()).pin).toMatchObject({ countLow: false, locked: false });
    await draftStands();
  });

  test('LNC-065 a wrong PIN does not seal', async () => {
    await refused('PIN_INCORRECT', applicant.seal(draft.id, slot, '99999999'));
    await draftStands();
    // The right one sets the token's counter back.
    await applicant.login();
  });

  test('LNC-008 a key that is pulled out is missed at the next seal, and the device list says what to do', async () => {
    await plugIn('none');
    const { action } = await refused('TOKEN_MISSING', applicant.seal(draft.id, slot));
    expect(action).toContain('USB');
    const token = await eventually('the list shows the missing key', async () =>
      (await whole.station.call('station')).devices.find(
        ({ kind, state }) => kind === 'signing-token' && state === 'missing',
      ),
    );
    expect(token.advice).toMatch(/UKey/);
    await plugIn('own');
    await draftStands();
  });

  test('LNC-065 a key pulled out while signing leaves no seal, and signs when it is back', async () => {
    const { record } = await copyOfDraft();
    await whole.counter.token.setTrouble({ trouble: 'remove-at-sign' }, ...othersRemoved());
    const { action } = await refused('TOKEN_REMOVED', applicant.seal(record.id, slot));
    expect(action).toContain('重新插入');
    const after = await applicant.record(record.id);
    expect(after.materials[0]?.seal).toBeUndefined();
    expect(contentOf(after)).toEqual(contentOf(record));
    await plugIn('own');
    expect((await applicant.seal(record.id, slot)).materials[0]?.seal).toBeDefined();
  });

  test('LNC-065 a key whose driver crashes while signing is a fault with words, and signs the next time', async () => {
    await whole.counter.token.setTrouble({ trouble: 'crash-at-sign' }, ...othersRemoved());
    await refused('DEVICE_FAULT', applicant.seal(draft.id, slot));
    await plugIn('own');
    await draftStands();
  });

  test('LNC-012 another company’s key neither seals this draft nor sees it', async () => {
    await plugIn('other');
    await refused('TOKEN_MISSING', applicant.seal(draft.id, slot));
    const [token] = await whole.station.call('tokens');
    const certificateId = token?.certificates[0]?.id;
    const theirs = { tokenId: token?.id, certificateId, pin: otherCompany.pin };
    const { revision } = await applicant.record(draft.id);
    const sealing = async () =>
      whole.station.finished(
        await whole.station.call('seal', { params: { id: draft.id, slot }, body: { revision, ...theirs } }),
      );
    await refused('CERTIFICATE_OF_OTHER_SUBJECT', sealing());

    await whole.station.call('login', { body: theirs });
    await whole.station.call('role', { body: { role: 'bidder' } });
    await refused('NOT_FOUND', applicant.record(draft.id));
    expect(await whole.station.call('records')).toEqual([]);
    await plugIn('own');
    await applicant.login();
    await draftStands();
  });

  test('LNC-012 a key is warned before its last try, locked after it, and stays locked for the right PIN', async () => {
    const told: string[] = [];
    for (let tries = 0; tries < 6; tries++)
      told.push(await applicant.seal(draft.id, slot, '99999999').then(String, messageOf));
    expect(told.at(-2)).toContain('最后一次');
    const { action } = await refused('PIN_LOCKED', applicant.seal(draft.id, slot));
    expect(action).toContain('CA机构');
    await refused('PIN_LOCKED', applicant.login());
    await draftStands();
    await whole.counter.token.unlock();
    await applicant.login();
  });
});

describe('the card reader', () => {
  let basicId: string;

  beforeAll(async () => {
    await applicant.login();
    basicId = (await whole.station.call('createRecord', { body: { kind: 'basic-info', answers: {} } })).id;
    await applicant.fill(basicId, cardSlot, { name: '王建国' });
  });

  const readCard = async () =>
    whole.station.finished(await whole.station.call('readCard', { params: { id: basicId, slot: cardSlot } }));
  const typedStands = async () => {
    const kept = (await applicant.record(basicId)).materials.find((one) => one.slot === cardSlot);
    expect(kept).toMatchObject({ values: { name: '王建国' }, chip: {}, pages: [] });
  };

  test('LNC-009 a reader that is pulled out while it reads is told, and reads when it is back', async () => {
    whole.counter.cardReader.misbehave('unplug', { times: 1, on: 'read' });
    await refused('DEVICE_LOST', readCard());
    await typedStands();
    whole.counter.cardReader.misbehave('none');
  });

  test('LNC-009 LNC-085 without a reader the page says so and how to go on', async () => {
    await whole.counter.cardReader.unplug();
    const { action } = await refused('CARD_READER_MISSING', readCard());
    expect(action).toContain('手工填写');
    const reader = await eventually('the list shows the missing reader', async () =>
      (await whole.station.call('station')).devices.find(
        ({ kind, state }) => kind === 'card-reader' && state !== 'ready',
      ),
    );
    expect(reader.advice).toMatch(/读卡器/);
    await typedStands();
    await whole.counter.cardReader.plug();
  });

  test('LNC-084 a card that cannot be read is told', async () => {
    whole.counter.cardReader.misbehave('select-fails');
    const { action } = await refused('CARD_READ_FAILED', readCard());
    expect(action).toContain('重新放好');
    await typedStands();
    whole.counter.cardReader.misbehave('none');
  });

  test('LNC-084 the wait for a card that nobody places is called off at once', async () => {
    const job = await whole.station.call('readCard', { params: { id: basicId, slot: cardSlot } });
    await whole.station.call('cancelJob', { params: { id: job.id } });
    await refused('CANCELLED', whole.station.finished(job));
    await typedStands();
  });

  test('LNC-084 after all that the card is read', async () => {
    await readCard();
    const read = (await applicant.record(basicId)).materials.find((one) => one.slot === cardSlot);
    expect(read?.chip['idNumber']).toBe('210103197506120014');
  });
});

describe('the camera', () => {
  const camera = { label: '高拍仪', width: 3264, height: 2448, simulated: true };
  const shown = async () =>
    (await whole.station.call('station')).devices.find(({ kind }) => kind === 'camera');

  test('LNC-054 no camera, and a camera pulled out in the middle, are told with what to do', async () => {
    await whole.station.call('camera', {
      body: { ...camera, label: '', width: 0, height: 0, state: 'missing' },
    });
    expect(await shown()).toMatchObject({
      state: 'missing',
      advice: expect.stringContaining('上传图片') as string,
    });
    await whole.station.call('camera', { body: { ...camera, state: 'ready' } });
    expect(await shown()).toMatchObject({ state: 'ready', advice: '' });
    await whole.station.call('camera', { body: { ...camera, state: 'fault' } });
    expect(await shown()).toMatchObject({
      state: 'fault',
      advice: expect.stringContaining('重新插好') as string,
    });
    await draftStands();
  });

  test('LNC-054 a frame that is no picture is refused, and hundreds of frames leave no listener behind', async () => {
    await refused('FILE_DAMAGED', whole.station.call('frame', { body: noiseWithHead(0xff, 0xd8, 0xff) }));
    const warned: string[] = [];
    const note = (warning: Error) => warned.push(warning.name);
    process.on('warning', note);
    for (let i = 0; i < 15; i++)
      await refused('FILE_DAMAGED', whole.station.call('frame', { body: noiseWithHead(0xff, 0xd8, 0xff) }));
    process.off('warning', note);
    expect(warned).not.toContain('MaxListenersExceededWarning');
  });
});

describe('who may ask', () => {
  const own = () => new URL(whole.agent.url).host;

  test.each<[string, string, () => Record<string, string>]>([
    [
      'a page of another origin',
      'origin',
      () => ({ ...bearer(), host: own(), origin: 'https://example.com' }),
    ],
    ['a page under another name', 'host', () => ({ ...bearer(), host: 'attacker.example' })],
    ['a request without the token', 'token', () => ({ host: own() })],
    ['a request with a guessed token', 'token', () => ({ host: own(), authorization: 'Bearer guessed' })],
  ])('%s is refused and logged', async (_who, reason, headers) => {
    const before = whole.warnings.length;
    const { status, body } = await ask(`/api/records/${draft.id}`, headers());
    expect(status).toBe(403);
    const wire = wireErrorSchema.parse(JSON.parse(body));
    expect(wire.code).toBe('FOREIGN_ORIGIN');
    expectWords(wire);
    expect(whole.warnings.slice(before)).toEqual([
      expect.objectContaining({ context: expect.objectContaining({ reason }) as object }),
    ]);
    await draftStands();
  });
});

describe('from the seal to the server', () => {
  let id: string;
  let sealed: LudengRecord;

  test('LNC-165 a draft that was sealed when the agent was killed is whole after the next start', async () => {
    id = (await copyOfDraft()).record.id;
    await whole.stopAgent();
    const killed = await startAgentProcess(whole.agentEnvironment);
    try {
      const [token] = await killed.station.call('tokens');
      const key = { tokenId: token?.id, certificateId: token?.certificates[0]?.id, pin: demoPin };
      await killed.station.call('login', { body: key });
      await killed.station.call('role', { body: { role: 'bidder' } });
      const { revision } = await killed.station.call('record', { params: { id } });
      await killed.station.finished(
        await killed.station.call('seal', { params: { id, slot }, body: { revision, ...key } }),
      );
      sealed = await killed.station.call('record', { params: { id } });

      const second = await agentThatEnds(whole.agentEnvironment);
      expect(second.exitCode).toBe(1);
      expect(second.output).toContain('采集站程序已在运行');
      expect(second.output).toContain('请关闭另一个采集站程序');
    } finally {
      await killed.kill();
    }
    await whole.startAgent();
    await applicant.login();
    expect(await applicant.record(id)).toEqual(sealed);
    expect(sealed.materials[0]?.seal).toBeDefined();
    await draftStands();
  });

  test('LNC-038 what was changed behind the seal is refused by the server with words, corrected and stored', async () => {
    await applicant.save(id, slot);
    await whole.stopAgent();
    changeBehindTheSeal(id);
    await whole.startAgent();
    await applicant.login();

    const { revision } = await applicant.record(id);
    const press = () => whole.station.call('submit', { params: { id }, body: { revision } });
    const [once, twice] = await Promise.all([press(), press()]);
    expect(twice.submittedAt).toBe(once.submittedAt);
    await refused('RECORD_NOT_EDITABLE', applicant.fill(id, slot, { address: '沈阳市' }));
    await refused('RECORD_NOT_EDITABLE', applicant.upload(id, slot, photo));
    await refused('RECORD_NOT_EDITABLE', applicant.seal(id, slot));

    const rejected = await eventually('the server refuses it', async () => {
      const now = await applicant.record(id);
      return now.state === 'rejected' ? now : undefined;
    });
    expect(rejected.rejection?.code).toBe('SIGNATURE_INVALID');
    expect(rejected.rejection?.message).toMatch(/资质.*签章.*请重新签章/);
    expect(rejected.operations.filter(({ action }) => action === '提交入库')).toHaveLength(1);
    expect(rejected.operations.at(-1)).toMatchObject({ by: '服务器', action: '退回' });

    await applicant.fill(id, slot, { address: demoQualification.address });
    await applicant.seal(id, slot);
    await applicant.save(id, slot);
    await applicant.submit(id);
    const stored = await eventually('the corrected record is stored', async () => {
      const now = await applicant.record(id);
      if (now.state === 'rejected') throw new Error(JSON.stringify(now.rejection));
      return now.state === 'stored' ? now : undefined;
    });
    expect(stored.uniqueCode).toBeTruthy();
    expect(stored.rejection).toBeUndefined();
    expect(stored.materials[0]?.values['address']).toBe(demoQualification.address);
  });

  test('two stations with one identity: the older stops with words and keeps its drafts, a stale copy is held', async () => {
    await online(() => whole.station);
    const data = whole.agentEnvironment['LUDENG_DATA'] ?? '';
    const [copy, stale] = [join(whole.folder, 'copy'), join(whole.folder, 'stale')];
    cpSync(data, copy, { recursive: true });
    cpSync(data, stale, { recursive: true });
    const twin = await whole.startTwin(copy);
    try {
      await online(() => twin.station);
      const fenced = await lineState(() => whole.station, 'fenced');
      expect(fenced.error?.code).toBe('STATION_FENCED');
      expectWords(fenced.error);
      await draftStands();
      const { record } = await copyOfDraft();
      await applicant.seal(record.id, slot);
      await applicant.save(record.id, slot);
      expect((await applicant.submit(record.id)).state).toBe('submitted');
      expect((await whole.station.call('station')).line.queued).toBe(1);
    } finally {
      await twin.agent.close();
    }
    // The station is started anew with the administrator's leave, and delivers what it kept.
    await whole.stopAgent();
    await whole.startAgent();
    await lineState(
      () => whole.station,
      'online',
      ({ queued }) => queued === 0,
    );

    const older = await whole.startTwin(stale);
    try {
      const held = await lineState(() => older.station, 'quarantined');
      expect(held.error?.code).toBe('STATION_QUARANTINED');
      expectWords(held.error);
    } finally {
      await older.agent.close();
    }
    await applicant.login();
    await draftStands();
  });
});

// What the tests say, in few words.

function upload(file: Uint8Array): Promise<Job> {
  return applicant.upload(draft.id, slot, file);
}

function fill(values: Record<string, string>): Promise<LudengRecord> {
  return applicant.fill(draft.id, slot, values);
}

/** A record of its own with the file in it. */
async function uploadAnew(file: Uint8Array): Promise<{ record: LudengRecord; notes: string[] }> {
  const { id } = await applicant.addQualification();
  const { notes } = await applicant.upload(id, slot, file);
  return { record: await applicant.record(id), notes: notes.map(({ text }) => text) };
}

/** A record of its own, read from the same photograph and filled in. */
async function copyOfDraft(changes: Record<string, string> = {}): Promise<{ record: LudengRecord }> {
  const { id } = await applicant.addQualification();
  await applicant.upload(id, slot, photo);
  return { record: await applicant.fill(id, slot, { ...qualificationValues, ...changes }) };
}

function contentOf({ answers, materials, state }: LudengRecord): unknown {
  return {
    answers,
    state,
    materials: materials.map(({ values, marks, pages, readings, confirmed }) => ({
      values,
      marks,
      pages,
      readings,
      confirmed,
    })),
  };
}

/** Values, marks and pages are as they were, and the page's picture can be shown. */
async function draftStands(): Promise<void> {
  // Not toEqual: it would print every box.
  expect(isDeepStrictEqual(contentOf(await applicant.record(draft.id)), contentOf(draft))).toBe(true);
  const page = await whole.station.call('page', { params: { id: draft.id, slot, page: 0 } });
  expect(page.headers.get('content-type')).toBe('image/jpeg');
  expect((await page.arrayBuffer()).byteLength).toBe(draft.materials[0]?.pages[0]?.size);
}

/** The words that travelled with the failure. */
async function refused(code: AppError['code'], work: Promise<unknown>): Promise<WireError> {
  const error: unknown = await work.then(
    () => new Error(`was not refused with ${code}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  expect(error.code).toBe(code);
  const wire = wireErrorSchema.parse(error.cause);
  expectWords(wire);
  return wire;
}

function messageOf(error: unknown): string {
  return error instanceof AppError ? wireErrorSchema.parse(error.cause).message : String(error);
}

function expectWords(wire: WireError | undefined): void {
  for (const text of [wire?.message, wire?.action]) {
    expect(text).toMatch(/[\u4e00-\u9fff]{3}/);
    expect(text).not.toMatch(/undefined|\[object|Error|[A-Z]+_[A-Z]+/);
  }
}

async function plugIn(which: 'own' | 'other' | 'none'): Promise<void> {
  const [own, other] = whole.counter.token.tokens;
  const out = which === 'own' ? [other] : which === 'other' ? [own] : [own, other];
  await whole.counter.token.setTrouble(
    ...out.map((token) => ({ trouble: 'removed' as const, serialNumber: token?.serialNumber ?? '' })),
  );
}

function othersRemoved() {
  return whole.counter.token.tokens
    .slice(1)
    .map(({ serialNumber }) => ({ trouble: 'removed' as const, serialNumber }));
}

async function ownToken() {
  const [token] = await whole.station.call('tokens');
  if (!token) throw new Error('no token is plugged in');
  return token;
}

/** What a person with the disk in hands could do: the values beside the sealed PDF are no longer those in it. */
function changeBehindTheSeal(id: string): void {
  const { store } = openStore({ folder: whole.agentEnvironment['LUDENG_DATA'] ?? '' });
  try {
    const record = store.getRecord(id);
    if (!record) throw new Error('the record is not there');
    const materials = record.materials.map((material) => ({
      ...material,
      values: { ...material.values, address: '辽宁省沈阳市他处' },
    }));
    store.updateRecord({ ...record, materials, revision: record.revision + 1 });
  } finally {
    store.close();
  }
}

function online(station: () => WholeStation['station']): Promise<LineState> {
  return lineState(station, 'online');
}

function lineState(
  station: () => WholeStation['station'],
  state: LineState['state'],
  is: (line: LineState) => boolean = () => true,
): Promise<LineState> {
  return eventually(`the line is ${state}`, async () => {
    const { line } = await station().call('station');
    return line.state === state && is(line) ? line : undefined;
  });
}

const bearer = () => ({ authorization: `Bearer ${whole.agent.token}` });

function pagesUrl(): URL {
  return new URL(`/api/records/${draft.id}/materials/${slot}/pages?source=upload`, whole.agent.url);
}

/** Not fetch: it does not let Host be set. */
function ask(path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, whole.agent.url), { headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (part: string) => (body += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.on('error', reject).end();
  });
}

/** The page's ear. */
async function listen(): Promise<{ jobs: () => Job[]; close: () => void }> {
  const stop = new AbortController();
  const { body } = await fetch(new URL(`/api/events?token=${whole.agent.token}`, whole.agent.url), {
    signal: stop.signal,
  });
  let text = '';
  const hear = async (): Promise<void> => {
    for await (const part of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()))
      text += part;
  };
  hear().catch(() => undefined);
  return {
    jobs: () =>
      text.split('\n').flatMap((line) => {
        if (!line.startsWith('data: ')) return [];
        // The last line may be half here.
        const event = line.endsWith('}') ? agentEventSchema.parse(JSON.parse(line.slice(6))) : undefined;
        return event?.type === 'job' ? [event.job] : [];
      }),
    close: () => stop.abort(),
  };
}
