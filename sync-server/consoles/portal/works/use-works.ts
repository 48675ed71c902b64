import { computed, shallowRef } from 'vue';
import { portalWorkRoutes } from '#domain/contracts/portal/works.ts';
import type { RegisteredWork } from '#domain/registers/schema.ts';
import { usePortal } from '../stores/portal.ts';
import { useSession } from '../stores/session.ts';

/** The own unit's works, found by what is typed. */
export function useWorks() {
  const portal = usePortal();
  const session = useSession();
  const works = shallowRef<RegisteredWork[]>();
  /** Throws what the server says. */
  async function load(text = ''): Promise<void> {
    works.value = await session.ask(portalWorkRoutes.portalWorks, {
      params: { programme: portal.view?.id ?? '' },
      query: text.trim() === '' ? {} : { text: text.trim() },
    });
  }
  return { works, load, noun: computed(() => portal.view?.works) };
}
