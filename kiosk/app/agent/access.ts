/** Where the agent is and the token that opens it: from the preload in Electron, else from the page's own address. */
import { z } from 'zod';

const accessSchema = z.object({ agentUrl: z.string(), token: z.string() });
export interface Access extends z.infer<typeof accessSchema> {
  /** The page was opened anew, not reloaded: whoever was logged in before is not the person in front of it now. */
  readonly isFresh: boolean;
}

const storageKey = 'ludeng.token';
const tokenInFragment = /[#&]token=([^&]+)/;

/** Reads the token once and takes it out of the address, so that it is in no history entry and no screenshot. */
export function readAccess(page: Window): Access {
  const given = accessSchema.safeParse((page as Window & { ludeng?: unknown }).ludeng);
  if (given.success) return { ...given.data, isFresh: true };
  const fromFragment = tokenInFragment.exec(page.location.hash)?.[1];
  const isFresh = fromFragment !== undefined;
  if (isFresh) {
    page.sessionStorage.setItem(storageKey, decodeURIComponent(fromFragment));
    page.history.replaceState(null, '', `${page.location.pathname}#/`);
  }
  return { agentUrl: page.location.origin, token: page.sessionStorage.getItem(storageKey) ?? '', isFresh };
}
