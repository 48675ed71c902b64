/** Bad paper, broken files and values out of bounds: told in Chinese with what to do, and the draft is still there. */
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { AppError } from '#domain/errors/app-error.ts';
import { wireErrorSchema } from '#domain/errors/app-error.ts';
import { agentEventSchema } from '#domain/contracts/kiosk/events.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import { expectWords, refused, slot, useCounterWithDraft } from '#tests/support/bad-input.ts';
import {
  crumpledReceipt,
  cutOff,
  encryptedPdf,
  mixedSizes,
  noiseWithHead,
  pdfOfManyPages,
  photographOfBlankSheet,
  pictureOfCat,
  tiffOf,
  tiffOfManyPages,
  turnedByExif,
} from '#tests/support/bad-paper.ts';
import { demoQualification } from '#tests/support/documents.ts';
import { photograph } from '#tests/support/photograph.ts';
import { eventually } from '#tests/support/whole-station.ts';

const counter = useCounterWithDraft();
const { applicant, copyOfDraft, draftStands, fill, upload, uploadAnew } = counter;

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
    const { jpeg } = await photograph(counter.document, { turnDeg: 182, seed: 43 });
    const { record, notes } = await uploadAnew(jpeg);
    expect(notes).toContain('页面是倒置的，已自动转正');
    expect(record.materials[0]?.readings['companyName']?.value).toBe(demoQualification.companyName);
  });

  test('LNC-059 a telephone picture that EXIF turns is read as it is seen', async () => {
    const { record } = await uploadAnew(await turnedByExif(counter.photo));
    expect(record.materials[0]?.readings['certificateNumber']?.value).toBe(
      demoQualification.certificateNumber,
    );
  });

  test('LNC-053 of a page that is cut off the person is told what to do', async () => {
    const { notes } = await uploadAnew(await cutOff(counter.document));
    expect(notes).toContain('证件没有完整进入画面，请移动证件后重拍');
  });

  test('LNC-053 half a page is kept with what it shows, and the person is told what to do', async () => {
    const { record, notes } = await uploadAnew(await cutOff(counter.document, 0.5));
    expect(notes).toContain('证件没有完整进入画面，请移动证件后重拍');
    expect(record.materials[0]?.pages).toHaveLength(1);
    expect(record.materials[0]?.readings['validUntil']).toBeUndefined();
  });

  test('LNC-059 a crumpled receipt is no document: nothing is read out of it, and the person is told', async () => {
    const { record, notes } = await uploadAnew(
      (await photograph(await crumpledReceipt(), { seed: 44 })).jpeg,
    );
    expect(notes.join()).toContain('没有认出是哪种证件');
    expect(record.materials[0]?.readings).toEqual({});
    await draftStands();
  });
});

describe('a file that cannot be read', () => {
  test.each<[string, AppError['code'], () => Promise<Uint8Array> | Uint8Array]>([
    [
      'a JPEG cut short',
      'FILE_DAMAGED',
      () => counter.photo.subarray(0, Math.round(counter.photo.length / 3)),
    ],
    ['noise that is named .jpg', 'FILE_UNSUPPORTED', () => noiseWithHead(0x11)],
    ['noise that begins like a JPEG', 'FILE_DAMAGED', () => noiseWithHead(0xff, 0xd8, 0xff, 0xe0)],
    ['noise that begins like a PDF', 'FILE_DAMAGED', () => noiseWithHead(...Buffer.from('%PDF-1.7\n'))],
    ['a PDF with a password', 'FILE_ENCRYPTED', encryptedPdf],
    ['a PDF of 301 pages', 'TOO_MANY_PAGES', () => pdfOfManyPages(301)],
    ['a TIFF of 301 pages', 'TOO_MANY_PAGES', () => tiffOfManyPages(301)],
    ['a file of a word processor', 'FILE_OFFICE', () => noiseWithHead(0x50, 0x4b, 0x03, 0x04)],
    ['an empty file', 'FILE_EMPTY', () => new Uint8Array()],
    ['60 MB', 'FILE_TOO_LARGE', () => new Uint8Array(60 * 1024 * 1024).fill(7)],
  ])('LNC-054 %s is refused with %s', async (_what, code, make) => {
    await refused(code, upload(await make()));
    await draftStands();
  });

  test('LNC-054 a text file is refused whatever type the browser gives it', async () => {
    for (const type of ['text/plain', 'application/json']) {
      const answer = await fetch(pagesUrl(), {
        method: 'POST',
        headers: { ...(await counter.whole.station.headers()), 'content-type': type },
        body: '资质证书',
      });
      const wire = wireErrorSchema.parse(await answer.json());
      expect(['FILE_UNSUPPORTED', 'BAD_REQUEST']).toContain(wire.code);
      expectWords(wire);
    }
    await draftStands();
  });

  test('LNC-054 a TIFF of two sheets gives two pages', async () => {
    const sheet = await sharp(Buffer.from(counter.document.png)).resize({ width: 1240 }).png().toBuffer();
    const { record } = await uploadAnew(await tiffOf([sheet, sheet]));
    expect(record.materials[0]?.pages).toHaveLength(2);
    expect(record.materials[0]?.readings['companyName']?.value).toBe(demoQualification.companyName);
  });

  test('LNC-054 of many pages of three sizes one is damaged: the others arrive with progress, the one is named', async () => {
    // A hundred at night; what is counted and named is the same for twelve.
    const [count, damagedAt] = process.env['LUDENG_NIGHTLY'] ? [100, 41] : [12, 7];
    const { id } = await applicant.addQualification();
    const events = await listen();
    const job = await counter.whole.station.call('capture', {
      params: { id, slot },
      query: { source: 'upload' },
      body: await pdfOfManyPages(count, damagedAt),
    });
    const done = await counter.whole.station.finished(job, 400_000);
    const seen = events.jobs().filter((one) => one.id === job.id && one.stage === 'opening');
    events.close();
    expect(seen.map((one) => one.done)).toEqual(expect.arrayContaining([1, count / 2, count]));
    const pages = (await applicant.record(id)).materials[0]?.pages ?? [];
    expect(pages).toHaveLength(count);
    // Every page has the size that the file gives it.
    const asGiven = pages.filter(({ widthMm, heightMm }, index) => {
      const [width, height] = mixedSizes[index % mixedSizes.length] ?? [0, 0];
      return index === damagedAt || Math.abs(widthMm / heightMm - width / height) < 0.05;
    });
    expect(asGiven).toHaveLength(count);
    const damaged = done.notes.filter(({ text }) => text.includes('请单独扫描此页后补传'));
    expect(damaged.map(({ page }) => page)).toEqual([damagedAt]);
    await draftStands();
  }, 420_000);

  test('while a document is read a second one waits its turn, and a cancelled one leaves the draft', async () => {
    const job = await counter.whole.station.call('capture', {
      params: { id: counter.draft.id, slot },
      query: { source: 'upload' },
      body: await pdfOfManyPages(20),
    });
    await refused('WORK_IN_PROGRESS', upload(counter.photo));
    await counter.whole.station.call('cancelJob', { params: { id: job.id } });
    await refused('CANCELLED', counter.whole.station.finished(job));
    await draftStands();
  });

  test('LNC-054 a TIFF of 300 pages is taken page by page and can be called off in the middle', async () => {
    const events = await listen();
    const job = await counter.whole.station.call('capture', {
      params: { id: counter.draft.id, slot },
      query: { source: 'upload' },
      body: await tiffOfManyPages(300),
    });
    const seen = await eventually('some pages are there', () =>
      Promise.resolve(events.jobs().find((one) => one.id === job.id && (one.done ?? 0) >= 2)),
    );
    expect(seen.total).toBe(300);
    await counter.whole.station.call('cancelJob', { params: { id: job.id } });
    await refused('CANCELLED', counter.whole.station.finished(job));
    events.close();
    await draftStands();
  }, 120_000);
});

describe('values', () => {
  test('5,000 characters are refused by a short field, which is named with its limit', async () => {
    const { message } = await refused('VALUE_TOO_LONG', fill({ companyName: '辽'.repeat(5_000) }));
    expect(message).toContain('单位名称');
    expect(message).toContain('100');
    await draftStands();
  });

  test('5,001 characters are refused by every field', async () => {
    await refused('VALUE_TOO_LONG', fill({ qualificationCategoryAndGrade: '辽'.repeat(5_001) }));
    await draftStands();
  });

  test('5,000 characters stay in a field that takes them', async () => {
    const { id } = await counter.whole.station.call('createRecord', {
      body: { kind: 'basic-info', answers: {} },
    });
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
    const stale = { revision: counter.draft.revision - 1, values: { companyName: '辽宁旧稿有限公司' } };
    const { action } = await refused(
      'CONFLICT',
      counter.whole.station.call('editValues', { params: { id: counter.draft.id, slot }, body: stale }),
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
    const marks = (page: number) => ({ ...counter.draft.materials[0]?.marks, companyName: [{ page, box }] });
    const at = { params: { id: counter.draft.id, slot } };
    const { revision } = await applicant.record(counter.draft.id);
    await refused(
      'BAD_REQUEST',
      counter.whole.station.call('editMarks', { ...at, body: { revision, marks: marks(7) } }),
    );
    await draftStands();

    const { record } = await copyOfDraft();
    await counter.whole.station.call('editMarks', {
      params: { id: record.id, slot },
      body: { revision: record.revision, marks: marks(0) },
    });
    await applicant.seal(record.id, slot);
    const { checked } = await applicant.save(record.id, slot);
    expect(checked?.verdict.fields.find(({ field }) => field === 'companyName')?.light).toBe('red');
  });
});

/** The page's ear. */
async function listen(): Promise<{ jobs: () => Job[]; close: () => void }> {
  const stop = new AbortController();
  const { body } = await fetch(new URL('/api/events', counter.whole.agent.url), {
    headers: await counter.whole.station.headers(),
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

function pagesUrl(): URL {
  return new URL(
    `/api/records/${counter.draft.id}/materials/${slot}/pages?source=upload`,
    counter.whole.agent.url,
  );
}
