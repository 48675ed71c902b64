import type { Actor } from '#domain/accounts/schema.ts';
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import type { Choice, PortalDraft } from '#domain/contracts/portal/records.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Values } from '#domain/primitives.ts';
import { acceptedType } from '#domain/record/attachments.ts';
import { mayGoToCounter } from '#domain/record/carrying.ts';
import { entriesOf } from '#domain/record/in-browser.ts';
import { formOfWork, keepShown } from '#domain/record/of-work.ts';
import { keepPicked, pickThatBegins } from '#domain/record/picks.ts';
import { workValue } from '#domain/registers/works.ts';
import type { BrowserEntries } from '#domain/record/in-browser.ts';
import { createRecord } from '#domain/record/rules.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { HeldFile, RecordDraftRows, StoredDraft } from '../../ports/record-draft-rows.ts';
import type { Clock, MakeId } from '../../ports/surroundings.ts';
import type { AttemptLimit } from '../accounts/attempt-limit.ts';
import { sha256 } from '../hashing.ts';
import type { DraftFiles } from '../registrations/draft-files.ts';
import { roleOf } from './enter-portal.ts';
import { filesIn, refuseAtCounter, slotOf } from './held-drafts.ts';
import type { HeldDrafts } from './held-drafts.ts';
import type { OwnRecords, VisitorWithSubject } from './own-records.ts';
import type { PortalHandIn } from './portal-hand-in.ts';
import type { PortalPicks } from './portal-picks.ts';
import type { PortalWorks } from './portal-works.ts';
import type { RecordDeeds } from './record-deeds.ts';

/** Of one kind at a time. */
const maxDrafts = 50;
/** Files of one account within an hour without a pause. */
const freeUploads = 240;

export interface PortalDraftsOptions {
  own: OwnRecords;
  drafts: HeldDrafts;
  deeds: RecordDeeds;
  works: Pick<PortalWorks, 'ownWork'>;
  picks: Pick<PortalPicks, 'formOf'>;
  rows: RecordDraftRows;
  handIn: PortalHandIn;
  files: DraftFiles;
  blobs: Pick<BlobStore, 'isShort'>;
  attempts: Pick<AttemptLimit, 'take'>;
  catalogue: Catalogue;
  clock: Clock;
  makeId: MakeId;
}

/** What the visitor of a portal fills in: kept at the server from the first field on, handed in by 提交. */
export function createPortalDrafts(options: PortalDraftsOptions) {
  const { own, deeds, works, picks, rows, files, blobs, attempts, catalogue, clock, makeId } = options;
  const { handIn, demandFree } = options.handIn;
  const { held, view, edit, untilMs, tell, readHeld } = options.drafts;

  /** A new one of the kind, as its prefilled fields have it. */
  function emptyOf(
    { visitor, kind, role }: { visitor: VisitorWithSubject; kind: RecordKind; role: string },
    account: string,
  ): StoredDraft {
    const at = clock.now();
    const { programme, subject } = visitor;
    const id = makeId();
    const record = createRecord({
      ...{ id, catalogue, programme: programme.id, kind, role, subject, answers: {}, at, by: '' },
    });
    return {
      ...{ id, programme: programme.id, kind: kind.id, role, account, subjectName: subject.name },
      subject: {
        ...(subject.kind === undefined ? {} : { kind: subject.kind }),
        creditCode: subject.creditCode,
      },
      ...mutable(entriesOf(record)),
      ...{ files: [], revision: 0, createdAt: at, updatedAt: at, expiresAtMs: untilMs() },
    };
  }

  return {
    /**
     * Throws NOT_FOUND, RECORD_OF_COUNTER, RECORD_EXISTS, REQUESTS_TOO_MANY, of a kind about a work WORK_UNKNOWN, of one that
     * begins with a person CANDIDATE_GONE.
     */
    async begin(
      actor: Actor,
      programme: string,
      wanted: { kind: string; role: string; work?: string; choice?: Choice },
    ): Promise<PortalDraft> {
      const visitor = await own.enter(actor, programme);
      const kind = own.kindFor(visitor, wanted.kind);
      own.demandOwn(actor, 'portal-record.fill-in', { programme, subject: visitor.subject });
      const role = roleOf(visitor, wanted.role);
      if (!kind.browser && !mayGoToCounter(kind, { programme: visitor.programme, role }))
        throw new AppError('RECORD_OF_COUNTER');
      const question = { programme, kind: kind.id, subject: visitor.subject, limit: maxDrafts };
      const begun = await rows.ofSubject(question);
      const [first] = begun;
      // of what there is one only, the one that was begun goes on
      if (kind.cardinality === 'one') {
        if (first) return view(first, { visitor, kind });
        await demandFree(visitor, kind);
      }
      if (begun.length >= maxDrafts) throw new AppError('REQUESTS_TOO_MANY');
      const empty = emptyOf({ visitor, kind, role }, actor.account);
      const chosen = await formChosen(visitor, { kind, role, choice: wanted.choice });
      const form = { ...empty.form, ...(await formAbout(visitor, kind, wanted.work)), ...chosen };
      const draft = { ...empty, form };
      await rows.begin(draft);
      tell(draft);
      return view(draft, { visitor, kind });
    },

    /** 变更, or 修改 of what was given back. Throws NOT_FOUND, RECORD_OF_COUNTER, RECORD_VOID, RECORD_UNDER_REVIEW, RECORD_NOT_EDITABLE. */
    async changeRecord(actor: Actor, programme: string, id: string): Promise<PortalDraft> {
      const visitor = await own.enter(actor, programme);
      const { stored, kind } = await own.find(actor, visitor, { id, deed: 'portal-record.fill-in' });
      await deeds.demandChange({ stored, kind, visitor });
      const { record } = stored;
      const draft: StoredDraft = {
        ...emptyOf({ visitor, kind, role: record.role }, actor.account),
        ...mutable(entriesOf(record)),
        ...{ files: [...(record.attachments ?? [])], changes: id },
      };
      if (await rows.begin(draft)) {
        tell(draft);
        return view(draft, { visitor, kind });
      }
      const underWay = await rows.findChanging(id);
      if (!underWay) throw new AppError('CONFLICT');
      return view(underWay, { visitor, kind });
    },

    async read(actor: Actor, programme: string, id: string): Promise<PortalDraft> {
      const found = await held(actor, programme, id);
      return view(found.draft, found);
    },

    /** Throws DRAFT_CHANGED, DRAFT_AT_COUNTER. */
    async save(
      actor: Actor,
      programme: string,
      { id, revision, ...entries }: { id: string; revision: number } & BrowserEntries,
    ): Promise<PortalDraft> {
      const found = await held(actor, programme, id);
      return edit(found, (before) => {
        if (before.revision !== revision) throw new AppError('DRAFT_CHANGED');
        const typed = keepShown(found.kind.ofWork, before.form, entries.form);
        return mutable({ ...entries, form: keepPicked(found.kind, before.form, typed) });
      });
    },

    /** 选择人员: whoever is chosen fills his fields. Throws NOT_FOUND, CANDIDATE_GONE. */
    async choose(actor: Actor, programme: string, id: string, choice: Choice): Promise<PortalDraft> {
      const found = await held(actor, programme, id);
      const { kind, draft, visitor } = found;
      if (pickThatBegins(kind)?.id === choice.pick) throw new AppError('NOT_FOUND', { pick: choice.pick });
      const chosen = await picks.formOf(visitor, { kind, role: draft.role, choice });
      return edit(found, (before) => ({ form: { ...before.form, ...chosen } }));
    },

    async drop(actor: Actor, programme: string, id: string): Promise<void> {
      const { draft } = await held(actor, programme, id);
      const acting = { actor: actor.account, at: clock.now() };
      for (const blob of await rows.drop(draft.id, acting)) await files.remove(blob);
      tell(draft);
    },

    /** Throws ATTACHMENT_FULL, ATTACHMENT_NOT_PICTURE, REQUESTS_TOO_MANY, SERVER_BUSY. The same file twice is fine. */
    async addFile(
      actor: Actor,
      programme: string,
      { id, slot: slotId, name, bytes }: { id: string; slot: string; name: string; bytes: Uint8Array },
    ): Promise<PortalDraft> {
      const found = await held(actor, programme, id);
      refuseAtCounter(found.draft);
      const slot = slotOf(found.kind, slotId);
      const mime = acceptedType(slot, bytes);
      await takeUpload(actor.account);
      if (await blobs.isShort()) throw new AppError('SERVER_BUSY', { retryAfterMs: 60_000 });
      const sha = sha256(bytes);
      if (filesIn(found.draft, slotId).some((file) => file.sha === sha)) return view(found.draft, found);
      const file: HeldFile = {
        ...{ attachment: slotId, sha, size: bytes.length, mime, name, addedAt: clock.now() },
        ...(await files.keep(bytes)),
      };
      return edit(found, (before) => {
        if (filesIn(before, slotId).length >= slot.maxFiles)
          throw new AppError('ATTACHMENT_FULL', { attachment: slot.title, maxFiles: slot.maxFiles });
        return { files: [...before.files, file] };
      });
    },

    /** Throws NOT_FOUND. */
    async removeFile(
      actor: Actor,
      programme: string,
      { id, slot, sha }: { id: string; slot: string; sha: string },
    ): Promise<PortalDraft> {
      const found = await held(actor, programme, id);
      const gone = filesIn(found.draft, slot).find((file) => file.sha === sha);
      if (!gone) throw new AppError('NOT_FOUND', { slot });
      const changed = await edit(found, (before) => ({
        files: before.files.filter((file) => !(file.attachment === slot && file.sha === sha)),
      }));
      if (gone.blob !== undefined) await files.remove(gone.blob);
      return changed;
    },

    /** Throws NOT_FOUND. */
    async readFile(
      actor: Actor,
      programme: string,
      { id, slot, sha }: { id: string; slot: string; sha: string },
    ): Promise<{ mime: string; bytes: Uint8Array }> {
      const { draft } = await held(actor, programme, id);
      const file = filesIn(draft, slot).find((one) => one.sha === sha);
      if (!file) throw new AppError('NOT_FOUND', { slot });
      return { mime: file.mime, bytes: await readHeld(file) };
    },

    handIn,

    /** What nobody touched for so long goes, with its files. */
    async dropExpired(): Promise<number> {
      const ids = await rows.expired(clock.nowMs(), 200);
      for (const id of ids) for (const blob of await rows.drop(id)) await files.remove(blob);
      return ids.length;
    },
  };

  /** A kind that begins with a person begins with nobody else. */
  async function formChosen(
    visitor: VisitorWithSubject,
    { kind, role, choice }: { kind: RecordKind; role: string; choice: Choice | undefined },
  ): Promise<Values> {
    const pick = pickThatBegins(kind);
    if (choice?.pick !== pick?.id) throw new AppError('BAD_REQUEST', { pick: pick?.id ?? '' });
    return choice ? picks.formOf(visitor, { kind, role, choice }) : {};
  }

  async function formAbout(
    visitor: VisitorWithSubject,
    { ofWork }: RecordKind,
    id: string | undefined,
  ): Promise<Values> {
    if (!ofWork) return {};
    const work = await works.ownWork(visitor, id ?? '');
    return formOfWork(ofWork, work.id, (value) => workValue(work, value));
  }

  async function takeUpload(account: string): Promise<void> {
    try {
      await attempts.take([{ name: `portal upload ${account}`, free: freeUploads }]);
    } catch (error) {
      if (error instanceof AppError && error.code === 'TOO_MANY_ATTEMPTS')
        throw new AppError('REQUESTS_TOO_MANY', error.details);
      throw error;
    }
  }
}
export type PortalDrafts = ReturnType<typeof createPortalDrafts>;

const mutable = ({ answers, form, papers }: BrowserEntries) => ({
  answers: [...answers],
  form,
  papers: { ...papers },
});
