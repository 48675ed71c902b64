import { randomBytes } from 'node:crypto';
import type { Actor } from '#domain/accounts/schema.ts';
import { findRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { DraftCode, PortalDraft } from '#domain/contracts/portal/records.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { draftCodeBytes, draftCodeHours, makeDraftCode } from '#domain/record/draft-code.ts';
import { subjectIdOf } from '#domain/record/subject-id.ts';
import type { Audience } from '#domain/sync/audience.ts';
import type { CarriedDraft, GivenDraft } from '#domain/sync/carried-draft.ts';
import { filePieceBytes } from '#domain/sync/subject-feed.ts';
import type { Carrying, DraftWithCode, RecordDraftRows, StoredDraft } from '../../ports/record-draft-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { AttemptLimit } from '../accounts/attempt-limit.ts';
import { sha256 } from '../hashing.ts';
import type { DraftFiles } from '../registrations/draft-files.ts';
import type { StationSession } from '../stations/station-sessions.ts';
import type { SubjectAccess } from '../submissions/subject-access.ts';
import { filesIn, isAtCounter, refuseAtCounter, withoutKey } from './held-drafts.ts';
import type { HeldDrafts } from './held-drafts.ts';
import type { ReceivePieces } from './receive-pieces.ts';

/** Wrong codes of one station, and of one subject, before waiting begins. */
const freeGuesses = 5;

export interface DraftCarryingOptions {
  drafts: HeldDrafts;
  rows: RecordDraftRows;
  access: Pick<SubjectAccess, 'check'>;
  attempts: Pick<AttemptLimit, 'take'>;
  pieces: ReceivePieces;
  files: DraftFiles;
  catalogue: Catalogue;
  clock: Clock;
  makeId: MakeId;
  log: Pick<Log, 'info'>;
}

interface Asked {
  audience: Audience;
  id: string;
}

/** A draft on its way from a portal to a counter and back: its code, the counter that has it, and what comes back. */
export function createDraftCarrying(options: DraftCarryingOptions) {
  const { drafts, rows, access, attempts, pieces, files, catalogue, clock, makeId, log } = options;

  /** Of a subject whose key this station has shown. Throws FORBIDDEN, DRAFT_TAKEN_BACK. */
  async function atCounter(session: StationSession, { audience, id }: Asked): Promise<StoredDraft> {
    const subject = await access.check(session, audience);
    const draft = await rows.findCarried(id);
    const isHere =
      draft?.carrying?.stationId === session.stationId && subjectIdOf(draft.subject) === subjectIdOf(subject);
    if (!isHere) throw new AppError('DRAFT_TAKEN_BACK', { draft: id });
    return draft;
  }

  const attachmentsOf = ({ programme, kind }: StoredDraft): readonly { id: string }[] =>
    findRecordKind(catalogue, programme, kind)?.attachments ?? [];

  function viewOf(draft: StoredDraft, { id, at }: Carrying): CarriedDraft {
    const own = new Set(attachmentsOf(draft).map(({ id: slot }) => slot));
    return {
      ...{ id, draft: draft.id, programme: draft.programme, kind: draft.kind, role: draft.role },
      ...(draft.changes === undefined ? {} : { changes: draft.changes }),
      ...{ answers: draft.answers, form: draft.form, papers: draft.papers },
      ...{ files: draft.files.filter(({ attachment }) => own.has(attachment)).map(withoutKey), at },
    };
  }

  /** Why the code does not open its subject's draft; nothing is used up by asking. */
  function refuse({ draft, code }: DraftWithCode, programme: string): void {
    if (code.isUsed) throw new AppError('DRAFT_CODE_USED');
    if (code.expiresAtMs <= clock.nowMs()) throw new AppError('DRAFT_CODE_EXPIRED');
    if (draft.programme !== programme) throw new AppError('DRAFT_OF_OTHER_PROGRAMME');
  }

  return {
    /** In the place of an earlier one. Throws NOT_FOUND, DRAFT_AT_COUNTER, RECORD_OF_COUNTER where no counter goes on with it. */
    async makeCode(actor: Actor, programme: string, id: string): Promise<DraftCode> {
      const held = await drafts.held(actor, programme, id);
      refuseAtCounter(held.draft);
      if (!(await drafts.view(held.draft, held)).mayCarry) throw new AppError('BAD_REQUEST', { draft: id });
      const code = makeDraftCode(randomBytes(draftCodeBytes));
      const expiresAtMs = clock.nowMs() + draftCodeHours * 3_600_000;
      if (!(await rows.setCode(id, { sha: sha256(code), expiresAtMs })))
        throw new AppError('NOT_FOUND', { draft: id });
      return { code, expiresAt: new Date(expiresAtMs).toISOString() };
    },

    /** The portal has it again, as it was when it went. Throws NOT_FOUND. */
    async fetchBack(actor: Actor, programme: string, id: string): Promise<PortalDraft> {
      const held = await drafts.held(actor, programme, id);
      const changed = await drafts.change(id, ({ carrying: _gone, ...before }) => before);
      return drafts.view(changed, held);
    },

    /** Throws DRAFT_CODE_UNKNOWN, DRAFT_OF_ANOTHER, DRAFT_CODE_USED, DRAFT_CODE_EXPIRED, DRAFT_OF_OTHER_PROGRAMME, TOO_MANY_ATTEMPTS. */
    async take(
      session: StationSession,
      { audience, programme, code }: { audience: Audience; programme: string; code: string },
    ): Promise<CarriedDraft> {
      const subject = await access.check(session, audience);
      const subjectId = subjectIdOf(subject);
      const attempt = await attempts.take([
        { name: `draft-code at ${session.stationId}`, free: freeGuesses * 4 },
        { name: `draft-code of ${subjectId}`, free: freeGuesses },
      ]);
      const sha = sha256(code);
      const found = await rows.findByCode(sha);
      if (!found) throw new AppError('DRAFT_CODE_UNKNOWN');
      if (subjectIdOf(found.draft.subject) !== subjectId) throw new AppError('DRAFT_OF_ANOTHER');
      // whoever has a code of the own did not guess it, whether it is still good or not
      await attempt.giveBack();
      const at = clock.now();
      const carrying = { id: makeId(), stationId: session.stationId, at };
      const taken = await rows.useCode(sha, {
        at,
        make: (before) => {
          refuse(before, programme);
          return carrying;
        },
      });
      // another code was made for it at this very moment
      if (!taken) throw new AppError('DRAFT_CODE_UNKNOWN');
      drafts.tell(taken);
      log.info({ draft: taken.id, stationId: session.stationId }, 'draft taken to a counter');
      return viewOf(taken, carrying);
    },

    /** Throws NOT_FOUND, DRAFT_TAKEN_BACK. */
    async file(
      session: StationSession,
      { slot, sha, off, ...asked }: Asked & { slot: string; sha: string; off: number },
    ): Promise<{ size: number; buf: Uint8Array }> {
      const draft = await atCounter(session, asked);
      const file = filesIn(draft, slot).find((one) => one.sha === sha);
      if (!file) throw new AppError('NOT_FOUND', { slot });
      const bytes = await drafts.readHeld(file);
      return { size: bytes.length, buf: bytes.subarray(off, off + filePieceBytes) };
    },

    /** A file that was added at the counter, in the order of its pieces; a whole one again changes nothing. Throws DRAFT_TAKEN_BACK. */
    async piece(
      session: StationSession,
      { audience, ...piece }: Parameters<ReceivePieces['take']>[1] & Asked,
    ) {
      const draft = await atCounter(session, { audience, id: piece.id });
      const kind = findRecordKind(catalogue, draft.programme, draft.kind);
      if (!kind) throw new AppError('NOT_FOUND', { kind: draft.kind });
      const file = await pieces.take(session, piece, { draft, kind });
      if (!file) return;
      await drafts.change(draft.id, (before) =>
        filesIn(before, piece.slot).some(({ sha }) => sha === piece.sha)
          ? before
          : { ...before, files: [...before.files, file] },
      );
    },

    /** It is the portal's again, with what was entered at the counter. Twice is fine. Throws DRAFT_TAKEN_BACK. */
    async give(
      session: StationSession,
      { audience, id, answers, form, papers, files: kept }: GivenDraft & Asked,
    ): Promise<void> {
      const draft = await atCounter(session, { audience, id });
      if (!isAtCounter(draft)) return;
      const own = new Set(attachmentsOf(draft).map(({ id: slot }) => slot));
      const stays = ({ attachment, sha }: StoredDraft['files'][number]): boolean =>
        !own.has(attachment) || kept.some((one) => one.slot === attachment && one.sha === sha);
      let gone: StoredDraft['files'] = [];
      await drafts.change(draft.id, (before) => {
        if (before.carrying?.id !== id) throw new AppError('DRAFT_TAKEN_BACK', { draft: id });
        gone = before.files.filter((file) => !stays(file));
        return {
          ...{ ...before, answers, form, papers, files: before.files.filter(stays) },
          carrying: { ...before.carrying, givenAt: clock.now() },
        };
      });
      for (const { blob } of gone) if (blob !== undefined) await files.remove(blob);
      log.info({ draft: draft.id, stationId: session.stationId }, 'draft given back to the portal');
    },

    /**
     * It was deleted at the counter: the portal has it as it was when it went. Of what this station has not, or not any more,
     * nothing is changed.
     */
    async free({ stationId }: Pick<StationSession, 'stationId'>, id: string): Promise<void> {
      const draft = await rows.findCarried(id);
      if (!draft || !isHeldAs(draft, { id, stationId })) return;
      await drafts.change(draft.id, (before) => {
        if (!isHeldAs(before, { id, stationId })) return before;
        const { carrying: _gone, ...rest } = before;
        return rest;
      });
      log.info({ draft: draft.id, stationId }, 'draft deleted at the counter');
    },
  };
}
const isHeldAs = (draft: StoredDraft, { id, stationId }: { id: string; stationId: string }): boolean =>
  isAtCounter(draft) && draft.carrying?.id === id && draft.carrying.stationId === stationId;

export type DraftCarrying = ReturnType<typeof createDraftCarrying>;
