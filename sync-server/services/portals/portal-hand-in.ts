import type { Actor } from '#domain/accounts/schema.ts';
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { checkEntries } from '#domain/record/in-browser.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { RecordRows } from '../../ports/case-rows.ts';
import type { PortalRecordRows } from '../../ports/portal-record-rows.ts';
import type { RecordDraftRows, StoredDraft } from '../../ports/record-draft-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { FileRecord } from '../records/file-record.ts';
import type { DraftFiles } from '../registrations/draft-files.ts';
import { portalProblems } from '../texts.ts';
import { refuseAtCounter, withoutKey } from './held-drafts.ts';
import type { HeldDrafts } from './held-drafts.ts';
import type { VisitorWithSubject } from './own-records.ts';
import { handingInRefused } from './record-deeds.ts';
import type { RecordDeeds } from './record-deeds.ts';

const filingMs = 60_000;

export interface PortalHandInOptions {
  drafts: HeldDrafts;
  deeds: RecordDeeds;
  rows: RecordDraftRows;
  listed: Pick<PortalRecordRows, 'idsOf'>;
  records: Pick<RecordRows, 'find'>;
  files: DraftFiles;
  blobs: Pick<BlobStore, 'put'>;
  atomic: Pick<AtomicRows, 'reserve' | 'release'>;
  fileRecord: FileRecord;
  catalogue: Catalogue;
  clock: Clock;
}

/** 提交 at a portal: what was filled in is checked once more and filed. */
export function createPortalHandIn(options: PortalHandInOptions) {
  const { deeds, rows, listed, records, files, blobs, atomic, fileRecord, catalogue, clock } = options;
  const { held, tell, readHeld } = options.drafts;

  return { handIn, demandFree };

  /**
   * 提交. What is to be corrected is answered, and nothing is lost. Throws ASSURANCE_TOO_LOW with the kind's words,
   * RECORD_OF_COUNTER, DRAFT_AT_COUNTER, GUARD_REFUSED, RECORD_UNDER_REVIEW, RECORD_VOID, RECORD_SUPERSEDED.
   */
  async function handIn(
    actor: Actor,
    programme: string,
    id: string,
  ): Promise<{ problems: Record<string, string>; record?: string }> {
    const { visitor, kind, draft } = await held(actor, programme, id);
    if (!kind.browser) throw new AppError('RECORD_OF_COUNTER');
    refuseAtCounter(draft);
    const refused = handingInRefused(kind, visitor);
    if (refused) throw refused;
    const name = `portal draft ${id}`;
    const nowMs = clock.nowMs();
    if (!(await atomic.reserve(name, { nowMs, untilMs: nowMs + filingMs }))) throw new AppError('CONFLICT');
    try {
      return await handInHeld(actor, visitor, { id, kind });
    } finally {
      await atomic.release(name);
    }
  }

  /** By nobody else at this moment: of two who press 提交 the second finds the draft gone. */
  async function handInHeld(
    actor: Actor,
    visitor: VisitorWithSubject,
    { id, kind }: { id: string; kind: RecordKind },
  ): Promise<{ problems: Record<string, string>; record?: string }> {
    const { programme, subject } = visitor;
    const draft = await rows.find(id);
    if (!draft) throw new AppError('NOT_FOUND', { draft: id });
    refuseAtCounter(draft);
    const around = { kind, catalogue, texts: portalProblems };
    const { problems, ...entries } = checkEntries(draft, draft.files, around);
    if (Object.keys(problems).length > 0) return { problems };
    const stored = draft.changes === undefined ? undefined : await records.find(draft.changes);
    const deed = stored ? await deeds.demandChange({ stored, kind, visitor }) : undefined;
    if (!stored) await demandFree(visitor, kind);
    const { recordId } = await fileRecord({
      ...{ id, programme: programme.id, kind: kind.id, role: draft.role, subject },
      ...{ form: {}, entries, attachments: draft.files.map(withoutKey) },
      actor: { ...actor, assurance: [...visitor.assurance] },
      bringFiles: () => bringAll(draft),
      ...(stored && deed === 'change' ? { supersedes: stored.record } : {}),
      ...(stored && deed === 'correction' ? { corrects: stored } : {}),
    });
    for (const blob of await rows.drop(id)) await files.remove(blob);
    tell(draft);
    return { problems: {}, record: recordId };
  }

  /** Throws RECORD_EXISTS for a further one of what there is one only. */
  async function demandFree({ programme, subject }: VisitorWithSubject, kind: RecordKind): Promise<void> {
    const question = { programme: programme.id, kind: kind.id, subject, limit: 1 };
    if (kind.cardinality === 'one' && (await listed.idsOf(question)).length > 0)
      throw new AppError('RECORD_EXISTS');
  }

  async function bringAll(draft: StoredDraft): Promise<void> {
    for (const file of draft.files)
      if (file.blob !== undefined) await blobs.put(file.sha, await readHeld(file));
  }
}
export type PortalHandIn = ReturnType<typeof createPortalHandIn>;
