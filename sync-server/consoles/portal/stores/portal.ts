import { shallowRef } from 'vue';
import { defineStore } from 'pinia';
import { portalRoutes } from '#domain/contracts/public/portals.ts';
import type { PortalView } from '#domain/contracts/public/portals.ts';
import { ask } from '../../client/server-client.ts';

/** The programme whose portal is open, as it is configured. */
export const usePortal = defineStore('portal', () => {
  const view = shallowRef<PortalView>();
  /** Throws what the server says. */
  async function load(programme: string): Promise<void> {
    if (view.value?.id === programme) return;
    view.value = undefined;
    view.value = await ask(portalRoutes.portal, { params: { programme } });
  }
  return { view, load };
});
