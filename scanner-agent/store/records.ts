import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '#domain/canonical-json.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { operationSchema, recordSchema } from '#domain/record/schema.ts';
import type { LudengRecord, Operation } from '#domain/record/schema.ts';
import type { RecordFilter, StoreEvent } from '../ports/store.ts';
import type { StoreContext } from './context.ts';
import { triggerMessage } from './context.ts';

type Raise = (event: StoreEvent) => void;

/** Records in their table, their operation log in an append-only one. Bodies are encrypted under the record's id. */
export function createRecords({ db, envelope, now, write }: StoreContext) {
  const selectBody = db.prepare<[string], { body: Buffer }>(
    'select body from record where id = ? and deleted_at is null',
  );
  const selectOperations = db.prepare<[string], { n: number; body: Buffer }>(
    'select n, body from record_operation where record_id = ? order by n',
  );
  const selectList = db.prepare<[Record<string, string | null>], { id: string; body: Buffer }>(`
    select id, body from record
    where credit_code = :creditCode and deleted_at is null
      and (:role is null or role = :role) and (:programme is null or programme = :programme)
      and (:kind is null or kind = :kind)
    order by created_at desc, id desc`);
  const insertRow = db.prepare(`
    insert into record (id, programme, kind, role, credit_code, state, revision, content_sha, created_at, updated_at, body)
    values (:id, :programme, :kind, :role, :creditCode, :state, :revision, :contentSha, :createdAt, :updatedAt, :body)
    on conflict do nothing`);
  const updateRow = db.prepare(`
    update record set programme = :programme, kind = :kind, role = :role, credit_code = :creditCode, state = :state,
      revision = :revision, content_sha = :contentSha, updated_at = :updatedAt, body = :body
    where id = :id`);
  const insertOperation = db.prepare('insert into record_operation (record_id, n, body) values (?, ?, ?)');
  const dropBlobs = db.prepare('delete from record_blob where record_id = ?');
  const insertBlob = db.prepare(
    'insert into record_blob (record_id, sha) select ?, sha from blob where sha = ?',
  );
  const hide = db.prepare('update record set deleted_at = ? where id = ?');

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
    return recordSchema.parse({ ...parseJson(envelope.open(body, `record|${id}`)), operations });
  }

  function openOperation(id: string, row: { n: number; body: Buffer }): Operation {
    return operationSchema.parse(parseJson(envelope.open(row.body, `operation|${id}|${row.n}`)));
  }

  function columns(record: LudengRecord) {
    const { operations: _log, ...body } = record;
    return {
      id: record.id,
      programme: record.programme,
      kind: record.kind,
      role: record.role,
      creditCode: record.subject.creditCode,
      state: record.state,
      revision: record.revision,
      contentSha: contentSha(record),
      createdAt: record.createdAt,
      updatedAt: record.updatedAt,
      body: envelope.seal(Buffer.from(JSON.stringify(body), 'utf8'), `record|${record.id}`),
    };
  }

  function appendOperations(record: LudengRecord, from: number): void {
    record.operations.slice(from).forEach((operation, index) => {
      const n = from + index;
      const text = Buffer.from(JSON.stringify(operation), 'utf8');
      insertOperation.run(record.id, n, envelope.seal(text, `operation|${record.id}|${n}`));
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
      return selectList.all({ creditCode, role, programme, kind }).map((row) => open(row.id, row.body));
    },
    insert: (record: LudengRecord): void => {
      const parsed = recordSchema.parse(record);
      write((raise) => {
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
    deleteDraft: (id: string): void => {
      write((raise) => {
        const current = get(id);
        if (!current) return;
        if (current.state !== 'draft' && current.state !== 'saved')
          throw new AppError('RECORD_NOT_EDITABLE', { from: current.state });
        hide.run(now(), id);
        dropBlobs.run(id);
        raise({ type: 'record-deleted', recordId: id });
      });
    },
    /** The record keeps its text; its pages may go. Inside a transaction of the caller. */
    releaseBlobs: (id: string): void => {
      dropBlobs.run(id);
    },
  };
}
export type Records = ReturnType<typeof createRecords>;

/** Every blob that a record names: pages, their untouched originals, sealed PDFs. */
function blobsOf(record: LudengRecord): Set<string> {
  const shas = record.materials.flatMap((material) => [
    ...material.pages.flatMap((page) => (page.original ? [page.sha, page.original.sha] : [page.sha])),
    ...(material.seal ? [material.seal.pdfSha] : []),
    ...Object.values(material.checked?.evidence ?? {}).flatMap(({ crop }) => (crop ? [crop.sha] : [])),
  ]);
  return new Set(shas);
}

/** What must never change after submission: all that the applicant entered, sealed and had checked. */
function contentSha(record: LudengRecord): string {
  const { programme, kind, role, subject, answers, form, materials } = record;
  const content = canonicalJson({ programme, kind, role, subject, answers, form, materials });
  return createHash('sha256').update(content).digest('hex');
}

function parseJson(bytes: Buffer): Record<string, unknown> {
  // Written by this module and authenticated by its envelope; the schema judges it right after.
  return JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
}
