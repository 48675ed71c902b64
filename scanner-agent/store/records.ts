import { isDeepStrictEqual } from 'node:util';
import type { Database } from 'better-sqlite3';
import { canonicalJson } from '#domain/canonical-json.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { holderOf } from '#domain/record/form-subject.ts';
import { nextState } from '#domain/record/lifecycle.ts';
import { operationSchema, recordSchema, recordStateSchema } from '#domain/record/schema.ts';
import type { LudengRecord, Operation } from '#domain/record/schema.ts';
import type { RecordFilter, StoreEvent } from '../ports/store.ts';
import type { StoreContext } from './context.ts';
import { triggerMessage } from './context.ts';
import { createFreedDrafts } from './freed-drafts.ts';

type Raise = (event: StoreEvent) => void;

/** Records in their table, their operation log in an append-only one. Both are encrypted with the record's own key. */
export function createRecords({ db, keys, envelopeOf, subjectTag, now, write }: StoreContext) {
  const freed = createFreedDrafts({ db, write });
  const selectBody = db.prepare<[string], { body: Buffer }>(
    'select body from record where id = ? and deleted_at is null',
  );
  const selectState = db.prepare<[string], { state: string }>(
    'select state from record where id = ? and deleted_at is null',
  );
  const selectOperations = db.prepare<[string], { n: number; body: Buffer }>(
    'select n, body from record_operation where record_id = ? order by n',
  );
  const selectList = db.prepare<[Record<string, string | null>], { id: string; body: Buffer }>(`
    select id, body from record
    where subject_tag = :subject and deleted_at is null
      and (:role is null or role = :role) and (:programme is null or programme = :programme)
      and (:kind is null or kind = :kind)
    order by created_at desc, id desc`);
  const insertRow = db.prepare(`
    insert into record (id, programme, kind, role, subject_tag, state, revision, content_sha, created_at, updated_at, body)
    values (:id, :programme, :kind, :role, :subject, :state, :revision, :contentSha, :createdAt, :updatedAt, :body)
    on conflict do nothing`);
  const updateRow = db.prepare(`
    update record set programme = :programme, kind = :kind, role = :role, subject_tag = :subject, state = :state,
      revision = :revision, content_sha = :contentSha, updated_at = :updatedAt, body = :body
    where id = :id`);
  const insertOperation = db.prepare('insert into record_operation (record_id, n, body) values (?, ?, ?)');
  const dropBlobs = db.prepare('delete from record_blob where record_id = ?');
  const insertBlob = db.prepare(
    'insert into record_blob (record_id, sha) select ?, sha from blob where sha = ?',
  );
  const selectNames = db.prepare<[string], { sha: string }>(
    'select sha from record_blob where record_id = ?',
  );
  const insertBlobOnce = db.prepare(
    'insert into record_blob (record_id, sha) select ?, sha from blob where sha = ? on conflict do nothing',
  );
  const selectFetched = db.prepare<[string], { fetched: number; deleted_at: string | null }>(
    'select fetched, deleted_at from record where id = ?',
  );
  const insertFetched = db.prepare(`
    insert into record (id, programme, kind, role, subject_tag, state, revision, content_sha, created_at, updated_at, body, fetched)
    values (:id, :programme, :kind, :role, :subject, :state, :revision, :contentSha, :createdAt, :updatedAt, :body, 1)`);
  const revive = db.prepare('update record set deleted_at = null where id = ? and fetched = 1');
  const dropLog = db.prepare('delete from record_operation where record_id = ?');
  const erase = prepareErasure(db);
  const draftAge = `max(record.updated_at, (select counted_from from draft_age))`;
  const isDraft = `record.deleted_at is null and record.state in (select state from record_state where may_go)`;
  const selectAged = db.prepare<[string, string], { id: string }>(
    `select id from record where ${isDraft} and ${draftAge} < ? and subject_tag <> ?`,
  );
  const selectOldest = db.prepare<[string], { at: string | null }>(
    `select min(${draftAge}) as at from record where ${isDraft} and subject_tag = ?`,
  );

  /** What the disk spoilt is deleted like any other; its portal can fetch the draft back. */
  function isCarried(id: string): boolean {
    try {
      return get(id)?.carried !== undefined;
    } catch {
      return false;
    }
  }

  function get(id: string): LudengRecord | undefined {
    const row = selectBody.get(id);
    return row && open(id, row.body);
  }

  function mustGet(id: string): LudengRecord {
    const record = get(id);
    if (!record) throw new AppError('NOT_FOUND', { recordId: id });
    return record;
  }

  function open(id: string, body: Buffer): LudengRecord {
    const operations = selectOperations.all(id).map((row) => openOperation(id, row));
    const text = envelopeOf('record', id).open(body, `record|${id}`);
    return recordSchema.parse({ ...parseJson(text), operations });
  }

  function openOperation(id: string, row: { n: number; body: Buffer }): Operation {
    return operationSchema.parse(
      parseJson(envelopeOf('record', id).open(row.body, `operation|${id}|${row.n}`)),
    );
  }

  function columns(record: LudengRecord) {
    const { operations: _log, ...body } = record;
    const own = envelopeOf('record', record.id);
    return {
      id: record.id,
      programme: record.programme,
      kind: record.kind,
      role: record.role,
      // in whose hands it is: a registration is its unit's, and its applicant's to go on with
      subject: subjectTag(holderOf(record).creditCode),
      state: record.state,
      revision: record.revision,
      contentSha: own.tag(contentOf(record)),
      createdAt: record.createdAt,
      updatedAt: record.updatedAt,
      body: own.seal(Buffer.from(JSON.stringify(body), 'utf8'), `record|${record.id}`),
    };
  }

  function appendOperations(record: LudengRecord, from: number): void {
    const own = envelopeOf('record', record.id);
    record.operations.slice(from).forEach((operation, index) => {
      const n = from + index;
      const text = Buffer.from(JSON.stringify(operation), 'utf8');
      insertOperation.run(record.id, n, own.seal(text, `operation|${record.id}|${n}`));
    });
  }

  function nameBlobs(record: LudengRecord): void {
    dropBlobs.run(record.id);
    for (const sha of blobsOf(record)) {
      if (insertBlob.run(record.id, sha).changes === 0) throw new AppError('NOT_FOUND', { blob: sha });
    }
  }

  /** Inside a transaction of the caller; `current`: as it stands there, where the caller has just looked. */
  function replace(record: LudengRecord, raise: Raise, current = mustGet(record.id)): void {
    if (current.revision !== record.revision - 1) throw new AppError('CONFLICT', { current });
    const kept = record.operations.slice(0, current.operations.length);
    if (!isDeepStrictEqual(kept, current.operations))
      throw new Error('an operation already logged was changed');
    try {
      updateRow.run(columns(record));
    } catch (error) {
      const message = triggerMessage(error);
      if (message !== 'ILLEGAL_MOVE' && message !== 'CONTENT_FROZEN') throw error;
      throw new AppError('RECORD_NOT_EDITABLE', { from: current.state, to: record.state }, { cause: error });
    }
    appendOperations(record, current.operations.length);
    if (!isDeepStrictEqual(blobsOf(record), blobsOf(current))) nameBlobs(record);
    raise({ type: 'record', record });
  }

  return {
    get,
    mustGet,
    replace,
    list: (filter: RecordFilter): LudengRecord[] => {
      const { creditCode, role = null, programme = null, kind = null } = filter;
      return selectList
        .all({ subject: subjectTag(creditCode), role, programme, kind })
        .map((row) => open(row.id, row.body));
    },
    insert: (record: LudengRecord): void => {
      const parsed = recordSchema.parse(record);
      write((raise) => {
        keys.make('record', parsed.id);
        if (insertRow.run(columns(parsed)).changes === 0)
          throw new AppError('CONFLICT', { current: get(record.id) });
        appendOperations(parsed, 0);
        nameBlobs(parsed);
        raise({ type: 'record', record: parsed });
      });
    },
    update: (record: LudengRecord): void => {
      const parsed = recordSchema.parse(record);
      write((raise) => replace(parsed, raise));
    },
    /** Answers the blobs that it named. Its key is destroyed when it returns: no copy of its text can be read again. */
    deleteDraft: (id: string): string[] => {
      const named = write((raise) => {
        const row = selectState.get(id);
        if (!row) return [];
        const state = recordStateSchema.parse(row.state);
        if (nextState(state, 'delete') === undefined)
          throw new AppError('RECORD_NOT_EDITABLE', { from: state });
        const shas = selectNames.all(id).map(({ sha }) => sha);
        if (isCarried(id)) freed.add(id);
        erase(id, now());
        raise({ type: 'record-deleted', recordId: id });
        return shas;
      });
      if (!get(id)) keys.destroy('record', id);
      return named;
    },
    /** Drafts that nobody has touched since, but for one subject's; what the server has too and gave back is no such draft. */
    agedDrafts: (touchedBefore: string, exceptCreditCode?: string): string[] =>
      selectAged
        .all(touchedBefore, exceptCreditCode === undefined ? '' : subjectTag(exceptCreditCode))
        .map(({ id }) => id)
        .filter((id) => get(id)?.uniqueCode === undefined),
    oldestDraft: (creditCode: string): string | undefined =>
      selectOldest.get(subjectTag(creditCode))?.at ?? undefined,
    /** Undefined: there is none, or only what is left of an erased one. */
    ownerOf: (id: string): 'station' | 'elsewhere' | undefined => {
      const row = selectFetched.get(id);
      return row && (row.fetched === 0 ? 'station' : 'elsewhere');
    },
    /**
     * A copy of what the server has, in the place of an older copy; a record of this station's own stays as it is. Inside a
     * transaction of the caller.
     */
    putFetched: (record: LudengRecord, raise: Raise): void => {
      const row = selectFetched.get(record.id);
      if (row?.fetched === 0) return;
      const next = withWaitingPushes(record, row && row.deleted_at === null ? get(record.id) : undefined);
      keys.make('record', record.id);
      if (row) {
        dropLog.run(record.id);
        updateRow.run(columns(next));
        revive.run(record.id);
      } else {
        insertFetched.run(columns(next));
      }
      appendOperations(next, 0);
      for (const sha of blobsOf(next)) insertBlobOnce.run(record.id, sha);
      raise({ type: 'record', record: next });
    },
    /** A page of a copy is here now. Nothing where the copy has gone meanwhile. */
    nameFetchedBlob: (id: string, sha: string): boolean =>
      selectFetched.get(id)?.deleted_at === null && insertBlobOnce.run(id, sha).changes > 0,
    /** Answers the blobs that it named. Inside a transaction of the caller, who destroys the key. */
    eraseFetched: (id: string, raise: Raise): string[] => {
      const shas = selectNames.all(id).map(({ sha }) => sha);
      erase(id, now());
      raise({ type: 'record-deleted', recordId: id });
      return shas;
    },
    isThere: (id: string): boolean => selectState.get(id) !== undefined,
    /** The record keeps its text; its pages may go. Inside a transaction of the caller. */
    releaseBlobs: (id: string): void => {
      dropBlobs.run(id);
    },
  };
}
export type Records = ReturnType<typeof createRecords>;

/** Every blob that a record names: attachments, pages, their untouched originals, sealed PDFs. */
function blobsOf(record: LudengRecord): Set<string> {
  const attached = (record.attachments ?? []).map(({ sha }) => sha);
  const shas = record.materials.flatMap((material) => [
    ...material.pages.flatMap((page) => (page.original ? [page.sha, page.original.sha] : [page.sha])),
    ...(material.seal ? [material.seal.pdfSha] : []),
    ...Object.values(material.checked?.evidence ?? {}).flatMap(({ crop }) => (crop ? [crop.sha] : [])),
  ]);
  return new Set([...attached, ...shas]);
}

/** A push that was made here and that the server has not heard of yet stays in the newer copy, with its line in the log. */
function withWaitingPushes(next: LudengRecord, before: LudengRecord | undefined): LudengRecord {
  const waiting = (before?.pushes ?? []).filter(
    ({ id, state }) => state === 'queued' && !next.pushes.some((push) => push.id === id),
  );
  if (!before || waiting.length === 0) return next;
  const times = new Set(waiting.map(({ pushedAt }) => pushedAt));
  return {
    ...next,
    // the page that shows it has seen that revision
    revision: Math.max(next.revision, before.revision),
    pushes: [...next.pushes, ...waiting],
    operations: [...next.operations, ...before.operations.filter(({ at }) => times.has(at))],
  };
}

/** What must never change after submission: all that the applicant entered, sealed and had checked. */
export function contentOf(record: LudengRecord): string {
  const { programme, kind, role, subject, answers, form, attachments, materials } = record;
  return canonicalJson({ programme, kind, role, subject, answers, form, attachments, materials });
}

/** What is left of a deleted draft says that there was one, and when. Inside a transaction of the caller. */
export function prepareErasure(db: Database): (id: string, deletedAt: string) => void {
  const steps = [
    db.prepare(`update item set state = 'purged', payload = x'' where record_id = ? and state = 'rejected'`),
    db.prepare('delete from record_blob where record_id = ?'),
  ];
  const blank = db.prepare(
    `update record set deleted_at = ?, body = x'', content_sha = '', subject_tag = '' where id = ?`,
  );
  const dropLog = db.prepare('delete from record_operation where record_id = ?');
  return (id, deletedAt) => {
    for (const step of steps) step.run(id);
    blank.run(deletedAt, id);
    dropLog.run(id);
  };
}

function parseJson(bytes: Buffer): Record<string, unknown> {
  // Written by this module and authenticated by its envelope; the schema judges it right after.
  return JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
}
