import { ref } from 'vue';
import { mobileRoutes } from '#domain/contracts/mobile/routes.ts';
import type { FaceWanted } from '#domain/contracts/mobile/todos.ts';
import { ask, useAction } from '../../client/server-client.ts';
import { usePerson } from '../stores/person.ts';

/** Leads to the service's page, after the consent where there is none yet. */
export function useFace() {
  const person = usePerson();
  const { trouble, isBusy, attempt, clear } = useAction();
  const asksConsent = ref(false);
  const isDeclined = ref(false);
  let waiting: FaceWanted | undefined;

  async function begin(wanted: FaceWanted): Promise<void> {
    isDeclined.value = false;
    waiting = wanted;
    if (!person.view?.hasFaceConsent) {
      asksConsent.value = true;
      return;
    }
    const begun = await attempt(() => ask(mobileRoutes.beginFace, { body: wanted }));
    if (begun) window.location.assign(begun.url);
  }
  async function consent(): Promise<void> {
    await attempt(() => person.agree(['face']));
    asksConsent.value = false;
    if (waiting && person.view?.hasFaceConsent) await begin(waiting);
  }
  function decline(): void {
    asksConsent.value = false;
    isDeclined.value = true;
  }
  return { trouble, isBusy, asksConsent, isDeclined, begin, consent, decline, clear };
}
