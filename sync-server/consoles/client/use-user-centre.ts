import { ref, shallowRef } from 'vue';
import { defineStore } from 'pinia';
import { userCentreRoutes } from '#domain/contracts/public/user-centre.ts';
import type { UserCentreView } from '#domain/contracts/public/user-centre.ts';
import { ask } from './server-client.ts';

/** The province's user centre whose pages are open. */
export const useUserCentre = defineStore('user-centre', () => {
  const view = shallowRef<UserCentreView>();
  const choices = ref<{ id: string; name: string }[]>([]);

  /** Without an id the only one there is; `choices` where there are several. Throws what the server says. */
  async function load(id?: string): Promise<void> {
    if (view.value && (id === undefined || view.value.id === id)) return;
    if (id === undefined) choices.value = await ask(userCentreRoutes.userCentres);
    const wanted = id ?? (choices.value.length === 1 ? choices.value[0]?.id : undefined);
    if (wanted !== undefined)
      view.value = await ask(userCentreRoutes.userCentre, { params: { programme: wanted } });
  }
  return { view, choices, load };
});
