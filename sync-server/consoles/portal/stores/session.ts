import { computed, ref, shallowRef } from 'vue';
import { defineStore } from 'pinia';
import { deskSessionRoutes } from '#domain/contracts/desk/session.ts';
import { portalRoutes } from '#domain/contracts/public/portals.ts';
import type { PortalSelf } from '#domain/contracts/public/portals.ts';
import { createAsyncAction } from '#ui/client/async-action.ts';
import { createErrorOf } from '#ui/client/error-of.ts';
import { failureWords } from '../../client/failure-words.ts';
import { createSessionClient } from '../../client/session-client.ts';

/** The chosen role is remembered for this window alone: another one may act as something else. */
const roleKey = (programme: string): string => `portal-role:${programme}`;

/** Who is signed in at a portal, as what, how surely, and how its pages ask. */
export const useSession = defineStore('portal-session', () => {
  const self = shallowRef<PortalSelf>();
  const programme = ref('');
  const role = ref<string>();
  const { isOver, ask } = createSessionClient();
  const level = computed(() => self.value?.proofs[0]?.assurance ?? 'none');

  /** Throws what the server says. */
  async function load(id: string): Promise<PortalSelf> {
    isOver.value = false;
    if (programme.value !== id) forget();
    const told = await ask(portalRoutes.portalSelf, { params: { programme: id } });
    programme.value = id;
    const remembered = window.sessionStorage.getItem(roleKey(id));
    const [only, ...others] = told.roles;
    role.value = told.roles.find((one) => one.id === remembered)?.id;
    if (others.length === 0) role.value = only?.id;
    self.value = told;
    return told;
  }
  function choose(id: string): void {
    role.value = id;
    window.sessionStorage.setItem(roleKey(programme.value), id);
  }
  function forget(): void {
    window.sessionStorage.removeItem(roleKey(programme.value));
    self.value = undefined;
    role.value = undefined;
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
