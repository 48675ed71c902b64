import { carriedDraftsSince } from '#domain/sync/carried-draft.ts';
import type { SyncStore } from '../ports/store.ts';
import type { Session } from './open-session.ts';
import type { WakeSignal } from './wake.ts';

const longMs = 3_600_000;

/** Tells the server of each draft that was deleted here, so that its portal has it again; what was deleted without a line, first. */
export async function freeDrafts({
  session,
  store,
  signal,
  deleted,
}: {
  session: Pick<Session, 'welcome' | 'freeDraft'>;
  store: Pick<SyncStore, 'freedDrafts' | 'draftFreed'>;
  signal: AbortSignal;
  /** Raised by whatever is deleted. */
  deleted: WakeSignal;
}): Promise<never> {
  for (;;) {
    signal.throwIfAborted();
    if (session.welcome.proto >= carriedDraftsSince)
      for (const id of store.freedDrafts()) {
        await session.freeDraft({ id });
        store.draftFreed(id);
      }
    await deleted.wait({ signal, timeoutMs: longMs });
  }
}
