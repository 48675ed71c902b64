import { computed, ref, shallowRef } from 'vue';
import { defineStore } from 'pinia';
import { deskSessionRoutes } from '#domain/contracts/desk/session.ts';
import { portalEventSchema, portalRoutes } from '#domain/contracts/public/portals.ts';
import type { PortalSelf } from '#domain/contracts/public/portals.ts';
import { addressOf } from '#domain/contracts/route.ts';
import { createAsyncAction } from '#ui/client/async-action.ts';
import { createErrorOf } from '#ui/client/error-of.ts';
import { createLiveLine } from '../../client/live-line.ts';
import { failureWords } from '../../client/failure-words.ts';
import { createSessionClient } from '../../client/session-client.ts';

/** Who is signed in at a portal, as what, how surely, and how its pages ask. */
export const useSession = defineStore('portal-session', () => {
  const self = shallowRef<PortalSelf>();
  const programme = ref('');
  const role = computed(() => self.value?.role);
  const { isOver, ask } = createSessionClient();
  const level = computed(() => self.value?.proofs[0]?.assurance ?? 'none');

  /** Raised whenever something of whoever is signed in came or went on. */
  const changes = ref(0);
  const look = (): void => void (changes.value += 1);
  const askSelf = (id: string): Promise<PortalSelf> =>
    ask(portalRoutes.portalSelf, { params: { programme: id } });
  let line: { programme: string; stop: () => void } | undefined;
  /** One for the portal, however often its pages load. */
  function listen(id: string): void {
    if (line?.programme === id) return;
    line?.stop();
    const { start, stop } = createLiveLine({
      address: addressOf(portalRoutes.portalEvents, { params: { programme: id } }),
      ...{ event: portalEventSchema, types: ['portal-changed'], onEvent: look, onBack: look },
      ask: () => askSelf(id),
    });
    line = { programme: id, stop };
    start();
  }

  /** Throws what the server says. */
  async function load(id: string): Promise<PortalSelf> {
    isOver.value = false;
    if (programme.value !== id) forget();
    const told = await askSelf(id);
    programme.value = id;
    self.value = told;
    listen(id);
    return told;
  }
  /** Kept by the server, for this session. Throws what the server says. */
  async function choose(id: string): Promise<void> {
    self.value = await ask(portalRoutes.choosePortalRole, {
      ...{ params: { programme: programme.value }, body: { role: id } },
    });
  }
  function forget(): void {
    line?.stop();
    line = undefined;
    self.value = undefined;
  }
  /** Throws what the server says. */
  async function signOut(): Promise<void> {
    await ask(deskSessionRoutes.signOut);
    forget();
  }
  return { self, programme, role, level, isOver, changes, ask, load, choose, forget, signOut };
});

/** One action at a time, its failure in the words of the error table. */
export const useSessionAction = () => createAsyncAction(createErrorOf(failureWords));
