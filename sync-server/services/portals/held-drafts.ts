import type { Actor } from '#domain/accounts/schema.ts';
import type { RecordKind } from '#domain/catalogue/schema.ts';
import type { PortalDraft } from '#domain/contracts/portal/records.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { tellFailure } from '#domain/errors/tell-failure.ts';
import { dayMs } from '#domain/primitives.ts';
import { mayGoToCounter } from '#domain/record/carrying.ts';
import { slotsInBrowser } from '#domain/record/in-browser.ts';
import type { AttachedFile } from '#domain/record/schema.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { RecordRows } from '../../ports/case-rows.ts';
import type { HeldFile, RecordDraftRows, StoredDraft } from '../../ports/record-draft-rows.ts';
import type { StationRows } from '../../ports/station-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import type { DraftFiles } from '../registrations/draft-files.ts';
import type { OwnRecords, VisitorWithSubject } from './own-records.ts';
import { handingInRefused, isReturned } from './record-deeds.ts';

/** A draft that nobody touches for so long is removed. */
const keepDraftDays = 90;

export interface HeldDraft {
  visitor: VisitorWithSubject;
  draft: StoredDraft;
  kind: RecordKind;
}

export interface HeldDraftsOptions {
  own: OwnRecords;
  rows: Pick<RecordDraftRows, 'find' | 'change'>;
  records: Pick<RecordRows, 'find'>;
  stations: Pick<StationRows, 'find'>;
  files: DraftFiles;
  blobs: Pick<BlobStore, 'read'>;
  announcements: Pick<Announcements, 'announceFeed'>;
  clock: Clock;
}

/** A draft in the hands of the visitor of a portal: found, shown, changed. */
export function createHeldDrafts({
  own,
  rows,
  records,
  stations,
  files,
  blobs,
  announcements,
  clock,
}: HeldDraftsOptions) {
  /** Throws NOT_FOUND. */
  async function held(actor: Actor, programme: string, id: string): Promise<HeldDraft> {
    const visitor = await own.enter(actor, programme);
    const draft = await rows.find(id);
    if (draft?.programme !== programme) throw new AppError('NOT_FOUND', { draft: id });
    own.demandOwn(actor, 'portal-record.fill-in', draft);
    return { visitor, draft, kind: own.kindFor(visitor, draft.kind) };
  }

  async function view(
    draft: StoredDraft,
    { visitor, kind }: Pick<HeldDraft, 'visitor' | 'kind'>,
  ): Promise<PortalDraft> {
    const refused = handingInRefused(kind, visitor);
    const { carrying, changes } = draft;
    const corrected = changes === undefined ? undefined : await records.find(changes);
    const returned = corrected && isReturned(corrected) ? corrected.rejection : undefined;
    const station = isAtCounter(draft) && carrying ? await stations.find(carrying.stationId) : undefined;
    return {
      ...{ id: draft.id, kind: draft.kind, role: draft.role, revision: draft.revision },
      ...{ answers: draft.answers, form: draft.form, papers: draft.papers },
      ...{ files: draft.files.map(withoutKey), updatedAt: draft.updatedAt },
      expiresAt: new Date(draft.expiresAtMs).toISOString(),
      ...(changes === undefined ? {} : { changes }),
      // the record that was given back is the portal's own, and stays so
      mayCarry: !returned && mayGoToCounter(kind, { programme: visitor.programme, role: draft.role }),
      ...(returned ? { returned: { reason: returned.message } } : {}),
      ...(carrying && isAtCounter(draft)
        ? { atCounter: { station: station?.name ?? carrying.stationId, at: carrying.at } }
        : {}),
      ...(refused && kind.browser ? { hindrance: tellFailure(refused.code, refused.details).message } : {}),
    };
  }

  const untilMs = (): number => clock.nowMs() + keepDraftDays * dayMs;
  /** Pages of the subject that are open look again. */
  const tell = ({ subject }: StoredDraft): void => announcements.announceFeed([audienceOf.subject(subject)]);

  /** What `make` throws ends it. */
  async function change(id: string, make: (before: StoredDraft) => StoredDraft): Promise<StoredDraft> {
    const changed = await rows.change(id, (before) => ({
      ...make(before),
      ...{ updatedAt: clock.now(), expiresAtMs: untilMs() },
    }));
    if (!changed) throw new AppError('NOT_FOUND', { draft: id });
    tell(changed);
    return changed;
  }

  async function readHeld({ sha, blob, key }: HeldFile): Promise<Uint8Array> {
    // a file of the record that is changed lies under its own hash
    if (blob === undefined || key === undefined) return blobs.read(sha);
    return files.read({ blob, key });
  }

  return {
    ...{ held, view, untilMs, tell, change, readHeld },
    /** By the visitor: throws DRAFT_AT_COUNTER while a counter has it. */
    edit: async (
      { draft, ...around }: HeldDraft,
      make: (before: StoredDraft) => Partial<StoredDraft>,
    ): Promise<PortalDraft> => {
      const changed = await change(draft.id, (before) => {
        refuseAtCounter(before);
        return { ...before, ...make(before) };
      });
      return view(changed, around);
    },
  };
}
export type HeldDrafts = ReturnType<typeof createHeldDrafts>;

export const isAtCounter = ({ carrying }: StoredDraft): boolean =>
  carrying !== undefined && carrying.givenAt === undefined;

/** Throws DRAFT_AT_COUNTER. */
export function refuseAtCounter(draft: StoredDraft): void {
  if (isAtCounter(draft)) throw new AppError('DRAFT_AT_COUNTER', { draft: draft.id });
}

export const filesIn = (draft: Pick<StoredDraft, 'files'>, slot: string): HeldFile[] =>
  draft.files.filter(({ attachment }) => attachment === slot);

export const withoutKey = ({ blob: _blob, key: _key, ...file }: HeldFile): AttachedFile => file;

/** Throws NOT_FOUND. */
export function slotOf(kind: RecordKind, id: string) {
  const slot = slotsInBrowser(kind).find((one) => one.id === id);
  if (!slot) throw new AppError('NOT_FOUND', { slot: id });
  return slot;
}
