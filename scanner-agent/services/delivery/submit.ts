/** 提交 and 推送: what was checked goes into the queue, durably, and leaves by itself when there is a line. */
import { actingName } from '#domain/accounts/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { getProgramme, getRecordKind } from '#domain/catalogue/lookup.ts';
import { needsOf } from '#domain/catalogue/record-kind.ts';
import { logLinesOf } from '#domain/catalogue/log-lines.ts';
import { allows, applyEvent } from '#domain/record/lifecycle.ts';
import type { Occasion } from '#domain/record/lifecycle.ts';
import { isProvedEnough } from '#domain/record/proved-enough.ts';
import { mayRelease, releaseRecord } from '#domain/record/releasing.ts';
import { mayPush, missingForSubmit } from '#domain/record/rules.ts';
import { handedInText } from '#domain/record/standing.ts';
import { redecideRecord } from '#domain/record/redecide-record.ts';
import { refuseTooLarge } from '#domain/record/size.ts';
import type { LudengRecord, RecordSeal } from '#domain/record/schema.ts';
import type { BlobRef } from '#domain/sync/schema.ts';
import { actionSchema } from '#domain/sync/action.ts';
import type { ActionId } from '#domain/sync/action.ts';
import type { StationStore } from '../../ports/store.ts';
import { isKeyError } from '../sealing/key-hold.ts';
import type { KeyHold, SealingKey } from '../sealing/key-hold.ts';
import type { RecordService } from '../records/record-service.ts';
import { sealRecord } from '../sealing/seal-record.ts';
import type { SealRecordDeps } from '../sealing/seal-record.ts';
import type { Sessions } from '../login/session.ts';
import { handedInBy, refuseInconsistent, refuseByGuards, withItsSubject } from './hand-in.ts';

export interface Submitting {
  /**
   * Seals the record as a whole with `key`, or with the one that sealed a material a little while ago, and queues it. Throws
   * RECORD_NOT_SEALED where neither is there, what `sealRecord` throws, CONFLICT, and what is missing.
   */
  submit(options: {
    recordId: string;
    revision: number;
    key?: SealingKey | undefined;
    signal: AbortSignal;
  }): Promise<LudengRecord>;
  push(recordId: string, field: string): LudengRecord;
  /** 解绑 of the person whose file it opens. Throws NOT_SUBMITTED. */
  release(recordId: string): void;
  /** 撤回 of the case that 提交 opened; the server ends it. Throws CASE_CLOSED where it is too late. */
  withdraw(recordId: string, caseId: string): LudengRecord;
}

export interface SubmitDeps extends SealRecordDeps {
  desk: RecordService;
  sessions: Sessions;
  store: StationStore;
  keyHold: KeyHold;
  createId: () => string;
  /** Of the station profile: the server knows the station by it. */
  stationId: string;
}

export function createSubmitting(deps: SubmitDeps): Submitting {
  const { desk, sessions, store, catalogue, clock, keyHold } = deps;

  /** Who did it and when, in the programme's words. */
  const occasion = (record: LudengRecord, detail?: string): Occasion => ({
    at: clock.now(),
    by: actingName(sessions.require()),
    lines: logLinesOf(catalogue, record.programme),
    detail,
  });

  async function seal(
    record: LudengRecord,
    given: SealingKey | undefined,
    signal: AbortSignal,
  ): Promise<RecordSeal> {
    const key = given ?? keyHold.find();
    if (!key) throw new AppError('RECORD_NOT_SEALED');
    try {
      return await sealRecord(deps, { record, key, signal });
    } catch (error) {
      if (error instanceof AppError && isKeyError(error.code)) keyHold.forget();
      throw error;
    }
  }

  return {
    async submit({ recordId, revision, key, signal }) {
      const record = desk.get(recordId);
      // Pressed twice: the first press has already done it.
      if (isOnItsWay(record)) return record;
      if (record.revision !== revision) throw new AppError('CONFLICT', { revision: record.revision });
      const kind = getRecordKind(catalogue, record.programme, record.kind);
      const decided = redecideRecord(record, catalogue);
      const missing = missingForSubmit(decided, kind);
      const [first] = missing;
      if (first) {
        const alike = missing.filter(({ code }) => code === first.code);
        throw new AppError(first.code, { missing: alike.map(({ title }) => title) });
      }
      desk.refuseRepeated(record);
      refuseInconsistent(decided, kind, catalogue);
      const needs = needsOf(kind);
      const session = sessions.require();
      if (!isProvedEnough(needs, session)) throw new AppError('ASSURANCE_TOO_LOW', { ...needs.assurance });
      const own = withItsSubject(decided, getProgramme(catalogue, record.programme));
      refuseByGuards(catalogue, own, { kind, session, now: clock.now() });
      refuseTooLarge(withoutOriginals(own));
      const recordSeal = needs.seal === 'none' ? undefined : await seal(own, key, signal);
      // a second press, or an edit on another page, may have been quicker than the token
      const current = desk.get(recordId);
      if (isOnItsWay(current)) return current;
      if (current.revision !== revision) throw new AppError('CONFLICT', { revision: current.revision });
      const submitted: LudengRecord = {
        ...applyEvent(own, 'submit', occasion(own, handedInText(handedInBy(session)))),
        submittedAt: clock.now(),
        handedIn: handedInBy(session),
        catalogueHash: catalogue.hash,
        ...(recordSeal ? { recordSeal } : {}),
      };
      store.enqueueSubmission({
        record: submitted,
        itemId: deps.createId(),
        payload: actionText(recordId, 'submit', {
          record: withoutOriginals(submitted),
          stationId: deps.stationId,
        }),
        blobs: blobsOf(submitted),
      });
      return submitted;
    },
    push(recordId, fieldId) {
      const record = desk.get(recordId);
      const session = sessions.require();
      const kind = getRecordKind(catalogue, record.programme, record.kind);
      if (!mayPush(record, kind)) throw new AppError('NOT_SUBMITTED', { state: record.state });
      const field = getProgramme(catalogue, record.programme).pushFields.find(({ id }) => id === fieldId);
      if (!field) throw new AppError('BAD_REQUEST', { field: fieldId });
      const open = record.pushes.find(
        (push) => push.field === fieldId && (push.state === 'queued' || push.state === 'under-review'),
      );
      if (open) return record;
      const id = deps.createId();
      const pushed: LudengRecord = {
        ...applyEvent(record, 'push', occasion(record, field.name)),
        pushes: [
          ...record.pushes,
          { id, field: fieldId, fieldName: field.name, pushedAt: clock.now(), state: 'queued' },
        ],
      };
      store.enqueueAction('push', {
        record: pushed,
        itemId: id,
        payload: actionText(recordId, 'push', {
          id,
          recordId,
          field: fieldId,
          requestedAt: clock.now(),
          requestedBy: actingName(session),
        }),
      });
      return pushed;
    },
    release(recordId) {
      const record = desk.get(recordId);
      const kind = getRecordKind(catalogue, record.programme, record.kind);
      const action = kind.file?.release?.label;
      if (action === undefined || !mayRelease(record, kind))
        throw new AppError('NOT_SUBMITTED', { state: record.state });
      const requestedBy = actingName(sessions.require());
      const id = deps.createId();
      const at = clock.now();
      store.enqueueAction('release', {
        record: releaseRecord(record, { at, by: requestedBy, action }),
        itemId: id,
        payload: actionText(recordId, 'release', { id, recordId, requestedAt: at, requestedBy }),
      });
      desk.dropDraftsOf(record);
    },
    withdraw(recordId, caseId) {
      const record = desk.get(recordId);
      const standing = record.cases?.find(({ id }) => id === caseId);
      if (!standing) throw new AppError('NOT_FOUND', { case: caseId });
      if (!standing.mayWithdraw) throw new AppError('CASE_CLOSED', { case: caseId });
      const { withdrawn: action } = logLinesOf(catalogue, record.programme);
      const id = deps.createId();
      const asked: LudengRecord = {
        ...applyEvent(record, 'note', { ...occasion(record, standing.title), action }),
        // asked once: the server's answer says how it stands then
        cases: (record.cases ?? []).map((one) => (one === standing ? { ...one, mayWithdraw: false } : one)),
      };
      store.enqueueAction('withdraw', {
        record: asked,
        itemId: id,
        payload: actionText(recordId, 'withdraw', {
          ...{ id, recordId, caseId },
          requestedAt: clock.now(),
          requestedBy: actingName(sessions.require()),
        }),
      });
      return asked;
    },
  };
}

/** What goes over the line, as it is. */
const actionText = (record: string, action: ActionId, payload: unknown): string =>
  JSON.stringify(actionSchema.parse({ record, action, payload }));

/** Whoever may be pushed was submitted. */
const isOnItsWay = (record: LudengRecord): boolean => allows(record, 'push');

/** The untouched camera pictures stay on the station. */
function withoutOriginals(record: LudengRecord): LudengRecord {
  return {
    ...record,
    materials: record.materials.map((material) => ({
      ...material,
      pages: material.pages.map(({ original: _stays, ...page }) => page),
    })),
  };
}

function blobsOf(record: LudengRecord): BlobRef[] {
  const refs = new Map<string, BlobRef>();
  for (const { sha, size, mime } of record.attachments ?? [])
    refs.set(sha, { sha, size, mime, role: 'attachment' });
  for (const { pages, seal } of record.materials) {
    for (const { sha, size } of pages) refs.set(sha, { sha, size, mime: 'image/jpeg', role: 'page' });
    if (seal)
      refs.set(seal.pdfSha, {
        sha: seal.pdfSha,
        size: seal.pdfSize,
        mime: 'application/pdf',
        role: 'sealed-pdf',
      });
  }
  return [...refs.values()];
}
