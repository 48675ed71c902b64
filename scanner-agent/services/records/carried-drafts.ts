/** Drafts that were begun at a portal: opened here by their code with all that was entered, handed in here or given back. */
import { hash } from 'node:crypto';
import { actingName } from '#domain/accounts/schema.ts';
import { getRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { withCarried } from '#domain/record/carrying.ts';
import { draftCodeIn } from '#domain/record/draft-code.ts';
import { entriesOf } from '#domain/record/in-browser.ts';
import { createRecord, mayDelete } from '#domain/record/rules.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { CarriedDraft } from '#domain/sync/carried-draft.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DraftLine, FileUp } from '../../ports/link.ts';
import type { BlobStore, StationStore } from '../../ports/store.ts';
import type { Sessions } from '../login/session.ts';
import type { RecordService } from './record-service.ts';

const readTimeoutMs = 10_000;

export interface CarriedDraftsDeps {
  line: DraftLine;
  desk: Pick<RecordService, 'getEditable'>;
  store: Pick<StationStore, 'insertRecord' | 'deleteDraft'>;
  blobs: Pick<BlobStore, 'put' | 'get'>;
  reader: Pick<PaperReader, 'readPage'>;
  sessions: Pick<Sessions, 'require' | 'chooseRole'>;
  catalogue: Catalogue;
  clock: Pick<Clock, 'now'>;
}

export function createCarriedDrafts(deps: CarriedDraftsDeps) {
  const { line, desk, store, blobs, reader, sessions, catalogue, clock } = deps;

  async function asRecord(draft: CarriedDraft): Promise<LudengRecord> {
    const session = sessions.require();
    const at = clock.now();
    const empty = createRecord({
      ...{ id: draft.id, catalogue, programme: session.programme, role: draft.role, at },
      kind: getRecordKind(catalogue, session.programme, draft.kind),
      ...{ subject: session.subject, answers: {}, by: actingName(session) },
    });
    for (const { attachment: slot, sha, mime } of draft.files) {
      const bytes = await line.file({ id: draft.id, slot, sha });
      if (hash('sha256', bytes) !== sha) throw new AppError('FILE_DAMAGED', { sha });
      await blobs.put(bytes, mime);
    }
    return {
      ...withCarried(empty, draft),
      carried: { draft: draft.draft, at: draft.at },
      ...(draft.changes === undefined ? {} : { supersedes: draft.changes }),
      ...(draft.files.length > 0 ? { attachments: draft.files } : {}),
    };
  }

  /** Attachments go back whole; pages do where the portal has a place for their paper. */
  function filesOf(record: LudengRecord): { file: Omit<FileUp, 'bytes'>; isPage: boolean }[] {
    const { browser, materials } = getRecordKind(catalogue, record.programme, record.kind);
    const attached = (record.attachments ?? []).map(({ attachment, sha, name }) => ({
      ...{ file: { id: record.id, slot: attachment, sha, name }, isPage: false },
    }));
    if (!browser) return attached;
    const pages = record.materials.flatMap(({ slot, pages: shown }) =>
      shown.map(({ sha }, index) => {
        const title = materials.find(({ id }) => id === slot)?.title ?? slot;
        return { file: { id: record.id, slot, sha, name: `${title}${String(index + 1)}.jpg` }, isPage: true };
      }),
    );
    return [...attached, ...pages];
  }

  return {
    /**
     * Throws DRAFT_CODE_UNKNOWN for what is no code at all, DRAFT_NEEDS_KEY, DRAFT_NO_LINE, DRAFT_NOT_SUPPORTED, and what the
     * server says. What cannot be opened here goes back at once.
     */
    async open(text: string): Promise<LudengRecord> {
      const { programme } = sessions.require();
      const code = draftCodeIn(text);
      if (code === undefined) throw new AppError('DRAFT_CODE_UNKNOWN');
      const draft = await line.take({ programme, code });
      try {
        const record = await asRecord(draft);
        sessions.chooseRole(record.role);
        store.insertRecord(record);
        return record;
      } catch (error) {
        const { id, answers, form, papers, files } = draft;
        const kept = files.map(({ attachment: slot, sha }) => ({ slot, sha }));
        // the portal can fetch it back where this fails too
        await line.give({ id, answers, form, papers, files: kept }).catch(() => undefined);
        throw error;
      }
    },

    /** The code that a camera sees; undefined where there is none. */
    async codeIn(jpeg: Uint8Array, signal: AbortSignal): Promise<string | undefined> {
      sessions.require();
      const { codes } = await reader.readPage(jpeg, { signal, timeoutMs: readTimeoutMs, reads: ['codes'] });
      return codes.flatMap(({ text }) => draftCodeIn(text) ?? [])[0];
    },

    /** Throws NOT_FOUND, RECORD_NOT_EDITABLE, CONFLICT, DRAFT_TAKEN_BACK; then it stays here as it is. */
    async giveBack(id: string, revision: number): Promise<{ left: number }> {
      const record = desk.getEditable(id, revision);
      if (!record.carried || !mayDelete(record))
        throw new AppError('RECORD_NOT_EDITABLE', { state: record.state });
      let left = 0;
      const wanted = filesOf(record);
      for (const { file, isPage } of wanted) {
        try {
          await line.send({ ...file, bytes: await blobs.get(file.sha) });
        } catch (error) {
          // the portal takes no more of this paper: what was typed is worth more than a further picture of it
          if (!isPage || !(error instanceof AppError) || error.code !== 'ATTACHMENT_FULL') throw error;
          left += 1;
        }
      }
      const kept = (record.attachments ?? []).map(({ attachment: slot, sha }) => ({ slot, sha }));
      const { answers, form, papers } = entriesOf(record);
      await line.give({ id, answers: [...answers], form, papers: { ...papers }, files: kept });
      store.deleteDraft(id);
      return { left };
    },
  };
}
export type CarriedDrafts = ReturnType<typeof createCarriedDrafts>;
