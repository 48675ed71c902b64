import { computed, ref, shallowRef } from 'vue';
import { defineStore } from 'pinia';
import { deskSessionRoutes } from '#domain/contracts/desk/session.ts';
import { portalRoutes } from '#domain/contracts/public/portals.ts';
import type { PortalSelf } from '#domain/contracts/public/portals.ts';
import { createAsyncAction } from '#ui/client/async-action.ts';
import { createErrorOf } from '#ui/client/error-of.ts';
import { failureWords } from '../../client/failure-words.ts';
import { createSessionClient } from '../../client/session-client.ts';

/** Who is signed in at a portal, as what, how surely, and how its pages ask. */
export const useSession = defineStore('portal-session', () => {
  const self = shallowRef<PortalSelf>();
  const programme = ref('');
  const role = computed(() => self.value?.role);
  const { isOver, ask } = createSessionClient();
  const level = computed(() => self.value?.proofs[0]?.assurance ?? 'none');

  /** Throws what the server says. */
  async function load(id: string): Promise<PortalSelf> {
    isOver.value = false;
    if (programme.value !== id) forget();
    const told = await ask(portalRoutes.portalSelf, { params: { programme: id } });
    programme.value = id;
    self.value = told;
    return told;
  }
  /** Kept by the server, for this session. Throws what the server says. */
  async function choose(id: string): Promise<void> {
    self.value = await ask(portalRoutes.choosePortalRole, {
      ...{ params: { programme: programme.value }, body: { role: id } },
    });
  }
  function forget(): void {
    self.value = undefined;
  }
  /** Throws what the server says. */
  async function signOut(): Promise<void> {
    await ask(deskSessionRoutes.signOut);
    forget();
  }
  return { self, programme, role, level, isOver, ask, load, choose, forget, signOut };
});

/** One action at a time, its failure in the words of the error table. */
export const useSessionAction = () => createAsyncAction(createErrorOf(failureWords));
