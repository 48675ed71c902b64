import type { RecordKind } from '#domain/catalogue/schema.ts';
import { assuranceInBrowser, isOfCounter, valueAt } from '#domain/record/in-browser.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { isProvedEnough } from '#domain/record/proved-enough.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { tellFailure } from '#domain/errors/tell-failure.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { PortalRow } from '#domain/contracts/portal/records.ts';
import { nextState } from '#domain/record/lifecycle.ts';
import type { CaseRows, RecordRows, ReturnedVersion, StoredRecord } from '../../ports/case-rows.ts';
import { ownStation } from '#domain/sync/own-station.ts';
import type { PortalRecordRows } from '../../ports/portal-record-rows.ts';
import type { VisitorWithSubject } from './own-records.ts';

/** Records of one kind that one subject may have before others are looked at no more. */
const maxReliedOn = 1_000;

type Wanted = { stored: StoredRecord; kind: RecordKind; visitor: VisitorWithSubject };

/** What may be done with a record at a portal now: asked for the buttons, and again when one is pressed. */
export function createRecordDeeds({
  cases,
  records,
  rows,
}: {
  cases: Pick<CaseRows, 'ofRecord'>;
  records: Pick<RecordRows, 'find'>;
  rows: Pick<PortalRecordRows, 'idsOf'>;
}) {
  /** Why nothing of it may be altered now. */
  async function standsInTheWay({ stored }: Wanted): Promise<ErrorCode | undefined> {
    if (stored.state !== 'stored') return 'RECORD_NOT_EDITABLE';
    const open = (await cases.ofRecord(stored.id)).some(
      ({ case: { state } }) => state === 'open' || state === 'returned',
    );
    return open ? 'RECORD_UNDER_REVIEW' : undefined;
  }

  async function againstChange(wanted: Wanted): Promise<ErrorCode | undefined> {
    const { stored, kind } = wanted;
    if (!kind.browser || isOfCounter(stored.record)) return 'RECORD_OF_COUNTER';
    if (!kind.browser.mayChange) return 'RECORD_NOT_EDITABLE';
    if (stored.record.voided) return 'RECORD_VOID';
    return standsInTheWay(wanted);
  }

  /** Why what was given back is not corrected here. */
  function againstCorrection({ stored, kind }: Wanted): ErrorCode | undefined {
    if (!isReturned(stored)) return 'RECORD_NOT_EDITABLE';
    // a station has it in hand as well, and goes on with it
    if (!kind.browser || isOfCounter(stored.record) || stored.stationId !== ownStation.id)
      return 'RECORD_OF_COUNTER';
    return stored.record.voided ? 'RECORD_VOID' : undefined;
  }

  async function againstVoiding(wanted: Wanted): Promise<ErrorCode | undefined> {
    const { stored, kind } = wanted;
    if (!kind.browser?.voiding) return 'RECORD_NOT_EDITABLE';
    if (stored.record.voided) return 'RECORD_VOID';
    return standsInTheWay(wanted);
  }

  return {
    /** Of several hindrances of its buttons the one that says most. */
    async of(wanted: Wanted): Promise<PortalRow['deeds']> {
      const change = await againstChange(wanted);
      const voiding = await againstVoiding(wanted);
      const correction = againstCorrection(wanted);
      const isVoid = wanted.stored.record.voided !== undefined && wanted.stored.state === 'stored';
      const hindrance = isReturned(wanted.stored) ? correction : change;
      const told =
        hindrance === 'RECORD_UNDER_REVIEW' || hindrance === 'RECORD_OF_COUNTER' ? hindrance : undefined;
      return {
        change: change === undefined,
        correct: correction === undefined,
        void: voiding === undefined,
        restore: isVoid && wanted.kind.browser?.voiding !== undefined,
        ...(told ? { reason: tellFailure(told, {}).message } : {}),
      };
    },

    /** Whether it is changed, or corrected since it was given back. Throws why neither may be. */
    async demandChange(wanted: Wanted): Promise<'change' | 'correction'> {
      const isCorrected = isReturned(wanted.stored);
      const code = isCorrected ? againstCorrection(wanted) : await againstChange(wanted);
      if (code) throw new AppError(code, { record: wanted.stored.id });
      return isCorrected ? 'correction' : 'change';
    },

    /** Throws why not; RECORD_RELIED_ON names the kind of what relies on it. */
    async demandVoiding(wanted: Wanted): Promise<void> {
      const code = await againstVoiding(wanted);
      if (code) throw new AppError(code, { record: wanted.stored.id });
      const { record } = wanted.stored;
      const { programme, subject } = wanted.visitor;
      for (const { recordKind, at, own } of wanted.kind.browser?.voiding?.reliedOnBy ?? []) {
        const value = valueAt(record, own);
        if (value === '') continue;
        const question = { programme: programme.id, kind: recordKind, subject, limit: maxReliedOn };
        for (const id of await rows.idsOf(question)) {
          const other = await records.find(id);
          if (other?.state !== 'stored' || other.record.voided || valueAt(other.record, at) !== value)
            continue;
          const title = programme.recordKinds.find((kind) => kind.id === recordKind)?.title ?? '';
          throw new AppError('RECORD_RELIED_ON', { record: record.id, by: id, title });
        }
      }
    },
  };
}
export type RecordDeeds = ReturnType<typeof createRecordDeeds>;

/** Why whoever is signed in as he is may not hand in a record of the kind; undefined where he may. */
export function handingInRefused(
  kind: RecordKind,
  { assurance, subject }: Pick<VisitorWithSubject, 'assurance' | 'subject'>,
): AppError | undefined {
  const isEnough = assuranceInBrowser(kind).some((needed) =>
    isProvedEnough({ assurance: needed }, { assurance, subject }),
  );
  if (isEnough) return undefined;
  const text = kind.browser?.refusal;
  return new AppError('ASSURANCE_TOO_LOW', text === undefined ? {} : { text });
}

/** 退回补正: what was accepted once, and waits for its applicant. */
export const isReturned = ({ state, uniqueCode }: Pick<StoredRecord, 'state' | 'uniqueCode'>): boolean =>
  uniqueCode !== undefined && nextState(state, 'edit') !== undefined;

export interface RecordVersion {
  record: LudengRecord;
  /** Which of those that were given back it is; absent for what the record says now. */
  returned?: ReturnedVersion;
}

/** The latest of its content is not the only one: as what it was given back, what it took the place of, and so on, newest first. */
export async function versionsOf(
  records: Pick<RecordRows, 'find' | 'returnedVersions'>,
  { record }: StoredRecord,
): Promise<RecordVersion[]> {
  const found: RecordVersion[] = [];
  for (let now: LudengRecord | undefined = record; now && found.length < maxVersions;) {
    const given = await records.returnedVersions(now.id);
    found.push({ record: now }, ...given.map((returned) => ({ record: returned.record, returned })));
    now = now.supersedes === undefined ? undefined : (await records.find(now.supersedes))?.record;
  }
  return found.slice(0, maxVersions);
}
const maxVersions = 500;
