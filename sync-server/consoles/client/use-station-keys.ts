import { ref, shallowRef } from 'vue';
import { browserLoginRoutes } from '#domain/contracts/kiosk/browser-login.ts';
import type { BrowserKey } from '#domain/contracts/kiosk/browser-login.ts';
import type { BrowserChallenge } from '#domain/contracts/public/ca-login.ts';
import type { KioskPermission } from '#domain/contracts/route.ts';
import type { KeyProof } from '#domain/sync/subject-feed.ts';
import { createClient } from '#ui/client/create-client.ts';
import { failureWords } from './failure-words.ts';

/** The keys in this computer, through its station program at `origin`. */
export function useStationKeys() {
  const keys = shallowRef<BrowserKey[]>([]);
  const hasLooked = ref(false);
  const clientOf = (origin: string) =>
    createClient<KioskPermission>({
      origin,
      fetch: (...args) => window.fetch(...args),
      unexpected: failureWords.unexpected,
    });

  return {
    keys,
    hasLooked,
    /** Throws Unreachable where no program listens, and what it refuses. */
    look: async (origin: string): Promise<void> => {
      hasLooked.value = false;
      keys.value = [];
      keys.value = await clientOf(origin).ask(browserLoginRoutes.browserKeys, { timeoutMs: 30_000 });
      hasLooked.value = true;
    },
    sign: (
      origin: string,
      body: { tokenId: string; certificateId: string; pin: string; challenge: BrowserChallenge },
    ): Promise<KeyProof> =>
      clientOf(origin).ask(browserLoginRoutes.signForBrowser, { body, timeoutMs: 40_000 }),
  };
}
