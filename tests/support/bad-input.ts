/** A counter at which things go wrong: one station, one draft that every test finds and leaves as it was. */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { AppError, wireErrorSchema } from '#domain/errors/app-error.ts';
import type { WireError } from '#domain/errors/app-error.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { ConnectionState } from '#domain/contracts/kiosk/station.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { createApplicant, qualificationValues } from './applicant.ts';
import { demoQualification, drawConstructionQualification } from './documents.ts';
import type { DocumentPicture } from './documents.ts';
import { photograph } from './photograph.ts';
import { eventually, startWholeStation } from './whole-station.ts';
import type { WholeStation } from './whole-station.ts';

export const slot = 'certificate';
export const otherCompany = {
  companyName: '大连滨海市政工程有限公司',
  creditCode: '91210200MA0XYRK84Y',
  pin: '87654321',
};

/** Starts the station before the tests of the file and closes it after them. */
export function useCounterWithDraft() {
  let whole: WholeStation;
  let document: DocumentPicture;
  let photo: Uint8Array;
  let draft: LudengRecord;
  const applicant = createApplicant(() => whole);

  beforeAll(async () => {
    whole = await startWholeStation({ otherHolders: [otherCompany] });
    await plugIn('own');
    document = await drawConstructionQualification(demoQualification);
    photo = (await photograph(document, { seed: 21 })).jpeg;
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

  /** Values, marks and pages are as they were, and the page's picture can be shown. */
  async function draftStands(): Promise<void> {
    // Not toEqual: it would print every box.
    expect(isDeepStrictEqual(contentOf(await applicant.record(draft.id)), contentOf(draft))).toBe(true);
    const page = await whole.station.call('page', { params: { id: draft.id, slot, page: 0 } });
    expect(page.headers.get('content-type')).toBe('image/jpeg');
    expect((await page.arrayBuffer()).byteLength).toBe(draft.materials[0]?.pages[0]?.size);
  }

  async function plugIn(which: 'own' | 'other' | 'none'): Promise<void> {
    const [own, other] = whole.counter.token.tokens;
    const out = which === 'own' ? [other] : which === 'other' ? [own] : [own, other];
    await whole.counter.token.setFault(
      ...out.map((token) => ({ trouble: 'removed' as const, serialNumber: token?.serialNumber ?? '' })),
    );
  }

  return {
    get whole() {
      return whole;
    },
    get document() {
      return document;
    },
    get photo() {
      return photo;
    },
    /** Read, corrected, marked. */
    get draft() {
      return draft;
    },
    applicant,
    upload,
    fill,
    uploadAnew,
    copyOfDraft,
    draftStands,
    plugIn,
  };
}

export function contentOf({ answers, materials, state }: LudengRecord): unknown {
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

/** The words that travelled with the failure. */
export async function refused(code: AppError['code'], work: Promise<unknown>): Promise<WireError> {
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

export function messageOf(error: unknown): string {
  return error instanceof AppError ? wireErrorSchema.parse(error.cause).message : String(error);
}

export function expectWords(wire: WireError | undefined): void {
  for (const text of [wire?.message, wire?.action]) {
    expect(text).toMatch(/[\u4e00-\u9fff]{3}/);
    expect(text).not.toMatch(/undefined|\[object|Error|[A-Z]+_[A-Z]+/);
  }
}

export function online(station: () => WholeStation['station']): Promise<ConnectionState> {
  return lineState(station, 'online');
}

export function lineState(
  station: () => WholeStation['station'],
  state: ConnectionState['state'],
  is: (line: ConnectionState) => boolean = () => true,
): Promise<ConnectionState> {
  return eventually(`the line is ${state}`, async () => {
    const { line } = await station().call('station');
    return line.state === state && is(line) ? line : undefined;
  });
}
