import { rankOf } from '#domain/accounts/identity.ts';
import type { LoginWayId } from '#domain/accounts/login-way-ids.ts';
import { actorName } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { PortalRecord, PortalRow, PortalVersion } from '#domain/contracts/portal/records.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { createRecord } from '#domain/record/rules.ts';
import { entriesOf, withEntries } from '#domain/record/in-browser.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { summarise } from '#domain/record/summary.ts';
import { restoreRecord, voidRecord } from '#domain/record/voiding.ts';
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { RecordRows, StoredRecord } from '../../ports/case-rows.ts';
import type { PortalRecordRows } from '../../ports/portal-record-rows.ts';
import type { RecordDraftRows, StoredDraft } from '../../ports/record-draft-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { audiencesOfRecord } from '../../ports/audiences-of-record.ts';
import type { OwnRecords, VisitorWithSubject } from './own-records.ts';
import { handingInRefused, isReturned, versionsOf } from './record-deeds.ts';
import type { RecordStanding } from './record-standing.ts';
import type { RecordDeeds, RecordVersion } from './record-deeds.ts';

const noDeeds = { change: false, correct: false, void: false, restore: false } as const;
/** Of one kind, of one subject, in one list. */
const maxListed = 1_000;

export interface PortalRecordsOptions {
  own: OwnRecords;
  deeds: RecordDeeds;
  standing: RecordStanding;
  rows: PortalRecordRows;
  drafts: Pick<RecordDraftRows, 'ofSubject'>;
  records: Pick<RecordRows, 'find' | 'returnedVersions'>;
  blobs: Pick<BlobStore, 'read'>;
  announcements: Pick<Announcements, 'announceFeed'>;
  catalogue: Catalogue;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
}

function wayOf({ handedIn }: LudengRecord): { way?: LoginWayId } {
  const ways = (handedIn?.assurance ?? []).toSorted(
    (left, right) => rankOf(right.level) - rankOf(left.level),
  );
  return ways[0] ? { way: ways[0].way } : {};
}

/** What the visitor of a portal handed in: lists, content with its versions, 作废 and 取消作废. */
export function createPortalRecords(options: PortalRecordsOptions) {
  const { own, deeds, standing, rows, drafts, records, blobs, announcements, catalogue, clock, log } =
    options;

  /** With what the server's own columns, and its cases, say of it. */
  async function shown({ id, record, state, uniqueCode }: StoredRecord): Promise<PortalRow['summary']> {
    const cases = await standing.casesOf(id);
    return summarise({
      ...{ ...record, state },
      ...(uniqueCode === undefined ? {} : { uniqueCode }),
      ...(cases.length === 0 ? {} : { cases }),
    });
  }

  async function rowOf(
    stored: StoredRecord,
    kind: RecordKind,
    visitor: VisitorWithSubject,
  ): Promise<PortalRow> {
    return {
      summary: await shown(stored),
      isDraft: false,
      deeds: await deeds.of({ stored, kind, visitor }),
    };
  }

  function draftRow(draft: StoredDraft, kind: RecordKind, { subject }: VisitorWithSubject): PortalRow {
    const empty = createRecord({
      ...{ id: draft.id, catalogue, programme: draft.programme, kind, role: draft.role, subject },
      ...{ answers: {}, at: draft.createdAt, by: '' },
    });
    return {
      summary: summarise(withEntries(empty, draft, [])),
      isDraft: true,
      ...(draft.changes === undefined ? {} : { changes: draft.changes }),
      deeds: noDeeds,
    };
  }

  async function setVoid(
    actor: Actor,
    programme: string,
    id: string,
    make: (record: LudengRecord, at: { at: string; by: string }) => LudengRecord,
  ): Promise<void> {
    const visitor = await own.enter(actor, programme);
    const { stored, kind } = await own.find(actor, visitor, { id, deed: 'portal-record.void' });
    const refused = handingInRefused(kind, visitor);
    if (refused) throw refused;
    if (!stored.record.voided) await deeds.demandVoiding({ stored, kind, visitor });
    const at = clock.now();
    const by = actorName(actor);
    const next = make({ ...stored.record, state: stored.state }, { at, by });
    const isVoid = next.voided !== undefined;
    const done = await rows.setVoid({
      ...{ before: stored, isVoid, by, actor: actor.account, at, title: kind.title },
    });
    if (!done) throw new AppError('CONFLICT');
    announcements.announceFeed(audiencesOfRecord(stored));
    log.info({ record: id, isVoid }, 'record voided or restored');
  }

  return {
    /** Throws NOT_FOUND for a kind that none of the visitor's roles sees. */
    async list(actor: Actor, programme: string, kindId: string): Promise<PortalRow[]> {
      const visitor = await own.enter(actor, programme);
      const kind = own.kindFor(visitor, kindId);
      own.demandOwn(actor, 'portal-record.read', { programme, subject: visitor.subject });
      const question = { programme, kind: kindId, subject: visitor.subject, limit: maxListed };
      const begun = await drafts.ofSubject(question);
      const listed: PortalRow[] = begun.map((draft) => draftRow(draft, kind, visitor));
      for (const id of await rows.idsOf(question)) {
        const stored = await records.find(id);
        if (stored && stored.state !== 'superseded') listed.push(await rowOf(stored, kind, visitor));
      }
      return listed;
    },

    /** `version`: of those that were given back, 1 first; what it says now if left out. Throws NOT_FOUND. */
    async read(
      actor: Actor,
      programme: string,
      { id, version: number }: { id: string; version?: number | undefined },
    ): Promise<PortalRecord> {
      const visitor = await own.enter(actor, programme);
      const { stored, kind } = await own.find(actor, visitor, { id, deed: 'portal-record.read' });
      const versions = await versionsOf(records, stored);
      const wanted = versions.find(({ record, returned }) => record.id === id && returned?.number === number);
      if (!wanted) throw new AppError('NOT_FOUND', { version: number });
      const { record, returned } = wanted;
      const { answers, form, papers } = entriesOf(record);
      const reason = returned?.reason ?? (isReturned(stored) ? stored.rejection?.message : undefined);
      return {
        summary: await shown(returned ? { ...stored, record, state: 'rejected' } : stored),
        ...{ answers: [...answers], form, papers },
        files: record.attachments ?? [],
        deeds: returned ? noDeeds : await deeds.of({ stored, kind, visitor }),
        ...(reason === undefined ? {} : { returned: { reason } }),
        ...wayOf(record),
        versions: versions.map((version, index) => viewOf(version, index === 0 && stored.state === 'stored')),
        log: await standing.logOf(versions, kind),
      };
    },

    /** Throws NOT_FOUND. */
    async readFile(
      actor: Actor,
      programme: string,
      { id, slot, sha }: { id: string; slot: string; sha: string },
    ): Promise<{ mime: string; bytes: Uint8Array }> {
      const visitor = await own.enter(actor, programme);
      const { stored } = await own.find(actor, visitor, { id, deed: 'portal-record.read' });
      const given = await records.returnedVersions(id);
      const file = [stored, ...given]
        .flatMap(({ record }) => record.attachments ?? [])
        .find((one) => one.attachment === slot && one.sha === sha);
      if (!file) throw new AppError('NOT_FOUND', { slot });
      return { mime: file.mime, bytes: await blobs.read(sha) };
    },

    /** 作废. Throws RECORD_VOID, RECORD_UNDER_REVIEW, RECORD_RELIED_ON, ASSURANCE_TOO_LOW. */
    voidOne: (actor: Actor, programme: string, id: string) => setVoid(actor, programme, id, voidRecord),
    /** 取消作废. Throws RECORD_NOT_EDITABLE, ASSURANCE_TOO_LOW. */
    restore: (actor: Actor, programme: string, id: string) => setVoid(actor, programme, id, restoreRecord),
  };
}
export type PortalRecords = ReturnType<typeof createPortalRecords>;

const viewOf = ({ record, returned }: RecordVersion, isCurrent: boolean): PortalVersion => ({
  id: record.id,
  at: record.submittedAt ?? record.createdAt,
  by: record.handedIn?.by ?? record.operations.at(-1)?.by ?? '',
  isCurrent,
  ...(returned ? { returned: returned.number } : {}),
});
