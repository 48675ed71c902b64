import { computed, ref, shallowRef } from 'vue';
import { defineStore } from 'pinia';
import { deskRoutes } from '#domain/contracts/desk/routes.ts';
import { mobileRoutes } from '#domain/contracts/mobile/routes.ts';
import type { AgreementId, PersonView } from '#domain/contracts/mobile/session.ts';
import type { AgreementText } from '#domain/catalogue/user-centre.ts';
import { isFailure } from '#ui/client/failure.ts';
import { address, ask } from '../../client/server-client.ts';
import { useUserCentre } from '../../client/use-user-centre.ts';

/** Whoever is signed in on this phone, and what waits for that person: live while the page is open. */
export const usePerson = defineStore('person', () => {
  const centre = useUserCentre();
  const view = shallowRef<PersonView>();
  /** Raised whenever something came or went on. */
  const changes = ref(0);
  let source: EventSource | undefined;

  const programme = computed(() => centre.view?.id ?? '');
  const agreementOf = (id: AgreementId): AgreementText | undefined =>
    centre.view?.userCentre.agreements.find((one) => one.id === id);
  /** In the versions that were shown. */
  const presentVersions = (ids: readonly AgreementId[]) =>
    ids.map((document) => ({ document, version: agreementOf(document)?.version ?? '' }));

  function keep(next: PersonView | undefined): void {
    view.value = next;
    if (next) listen();
    else stopListening();
  }
  function listen(): void {
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(address(mobileRoutes.mobileEvents));
    const refresh = (): void => void load().then(() => (changes.value += 1));
    source.addEventListener('todos-changed', refresh);
    let isFirst = true;
    // what came while there was no line is heard of with the next one
    source.addEventListener('open', () => {
      if (!isFirst) refresh();
      isFirst = false;
    });
  }
  function stopListening(): void {
    source?.close();
    source = undefined;
  }

  /** Undefined where nobody is signed in, or somebody who is no person on a phone. Throws what else the server says. */
  async function load(): Promise<PersonView | undefined> {
    await centre.load();
    try {
      keep(await ask(mobileRoutes.person, { query: { programme: programme.value } }));
    } catch (error) {
      if (!isFailure(error, 'UNAUTHENTICATED') && !isFailure(error, 'FORBIDDEN')) throw error;
      keep(undefined);
    }
    return view.value;
  }

  return {
    ...{ view, changes, programme, agreementOf, presentVersions, load },
    sendCode: (mobile: string) =>
      ask(mobileRoutes.sendSignInCode, { body: { programme: programme.value, mobile } }),
    async signIn(mobile: string, code: string): Promise<void> {
      const agreements = presentVersions(['terms', 'privacy']);
      keep(
        await ask(mobileRoutes.mobileSignIn, {
          body: { programme: programme.value, mobile, code, agreements },
        }),
      );
    },
    async agree(ids: readonly AgreementId[]): Promise<void> {
      const agreements = presentVersions(ids);
      keep(await ask(mobileRoutes.agree, { body: { programme: programme.value, agreements } }));
    },
    async withdrawFace(): Promise<void> {
      keep(await ask(mobileRoutes.withdrawFaceConsent, { query: { programme: programme.value } }));
    },
    async checkName(name: string, idNumber: string): Promise<void> {
      keep(await ask(mobileRoutes.checkRealName, { body: { programme: programme.value, name, idNumber } }));
    },
    async signOut(): Promise<void> {
      await ask(deskRoutes.signOut);
      keep(undefined);
    },
    forget: (): void => keep(undefined),
  };
});
