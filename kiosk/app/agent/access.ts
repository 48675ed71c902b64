/** How the page is let in: with a code that works once, from the preload in Electron, else from the page's own address. */
import { z } from 'zod';
import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';

const givenSchema = z.object({ agentUrl: z.string(), code: z.string() });

export interface Access {
  /** An origin, without a slash at its end. */
  readonly agentUrl: string;
  /** The page was opened anew, not reloaded: whoever was logged in before is not the person in front of it now. */
  readonly isFresh: boolean;
}

const codeInFragment = /[#&]code=([^&]+)/;

/**
 * Exchanges the code for the session's cookie, which no script sees, after taking it out of the address. A code that was
 * used before is a reload: what the browser holds decides then, and the agent refuses where it holds nothing.
 */
export async function openAccess(page: Window, fetchFrom: typeof fetch): Promise<Access> {
  const { agentUrl, code } = readCode(page);
  if (code === undefined) return { agentUrl, isFresh: false };
  const { method, path } = agentRoutes.open;
  const answer = await fetchFrom(`${agentUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  }).catch(() => undefined);
  return { agentUrl, isFresh: answer?.ok ?? false };
}

/** A new address typed into a page that stands there changes its fragment alone; it opens the page anew. Before any router. */
export function reopenAtNewCode(page: Window): void {
  page.addEventListener('popstate', (event) => {
    if (!codeInFragment.test(page.location.hash)) return;
    event.stopImmediatePropagation();
    page.location.reload();
  });
}

function readCode(page: Window): { agentUrl: string; code: string | undefined } {
  const given = givenSchema.safeParse((page as Window & { ludeng?: unknown }).ludeng);
  if (given.success) return given.data;
  const code = codeInFragment.exec(page.location.hash)?.[1];
  if (code !== undefined) page.history.replaceState(null, '', `${page.location.pathname}#/`);
  return { agentUrl: page.location.origin, code };
}
