import { computed, shallowRef } from 'vue';
import { defineStore } from 'pinia';
import type { PortalInstitutions } from '#domain/catalogue/portal-institutions.ts';
import { institutionRoutes } from '#domain/contracts/portal/institutions.ts';
import type { KeyEntryView } from '#domain/contracts/portal/institutions.ts';
import { isFailure } from '#ui/client/failure.ts';
import { ask } from '../../client/server-client.ts';
import { usePortal } from '../stores/portal.ts';

/** The key that was shown in this browser, and as what its unit is known at the platform. */
export const useKeyEntry = defineStore('key-entry', () => {
  const portal = usePortal();
  const view = shallowRef<KeyEntryView>();
  const programme = computed(() => portal.view?.id ?? '');
  const platform = computed((): PortalInstitutions | undefined => portal.view?.portal.institutions);
  const params = () => ({ programme: programme.value });

  /** False where no key was shown, or too long ago. Throws what else the server says. */
  async function load(): Promise<boolean> {
    try {
      view.value = await ask(institutionRoutes.keyEntry, { params: params() });
      return true;
    } catch (error) {
      view.value = undefined;
      if (isFailure(error, 'KEY_ENTRY_GONE')) return false;
      throw error;
    }
  }
  async function leave(): Promise<void> {
    await ask(institutionRoutes.leaveKeyEntry, { params: params() });
    view.value = undefined;
  }
  const kindOf = (role: string) => platform.value?.kinds.find((one) => one.role === role);
  return { view, platform, params, load, leave, kindOf };
});
