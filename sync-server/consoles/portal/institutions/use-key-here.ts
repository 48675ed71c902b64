import { computed, ref, shallowRef } from 'vue';
import { caLoginRoutes } from '#domain/contracts/public/ca-login.ts';
import type { BrowserChallenge, CaLoginView } from '#domain/contracts/public/ca-login.ts';
import type { KeyProof } from '#domain/sync/subject-feed.ts';
import { Unreachable } from '#ui/client/failure.ts';
import { answerCaptcha } from '../../client/answer-captcha.ts';
import { ask, useAction } from '../../client/server-client.ts';
import { useStationKeys } from '../../client/use-station-keys.ts';

export interface SignedChallenge {
  challenge: BrowserChallenge;
  proof: KeyProof;
}

/** The keys in this computer, one of them chosen, and what it signs for this server. */
export function useKeyHere() {
  const view = shallowRef<CaLoginView>();
  const chosen = ref<string>();
  const isStationMissing = ref(false);
  const { keys, hasLooked, look, sign } = useStationKeys();
  const { trouble, isBusy: isLooking, attempt } = useAction();
  const idOf = (key: { tokenId: string; certificateId: string }): string =>
    `${key.tokenId} ${key.certificateId}`;
  const key = computed(() => keys.value.find((one) => idOf(one) === chosen.value));

  const find = (): Promise<void> =>
    attempt(async () => {
      view.value ??= await ask(caLoginRoutes.caLogin);
      isStationMissing.value = false;
      try {
        await look(view.value.station);
      } catch (error) {
        // a program that is not there, and one of another server, look alike to the browser
        if (!(error instanceof Unreachable)) throw error;
        isStationMissing.value = true;
      }
      const usable = keys.value.filter(({ isLocked }) => !isLocked);
      if (!usable.some((one) => idOf(one) === chosen.value)) chosen.value = usable[0] && idOf(usable[0]);
    });

  /** Undefined where no key is chosen. Throws what the station program and the server refuse. */
  async function prove(pin: string): Promise<SignedChallenge | undefined> {
    const [one, station] = [key.value, view.value?.station];
    if (!one || station === undefined) return undefined;
    const challenge = await ask(caLoginRoutes.makeChallenge, { body: { captcha: await answerCaptcha() } });
    const { tokenId, certificateId } = one;
    return { challenge, proof: await sign(station, { tokenId, certificateId, pin, challenge }) };
  }
  return { view, keys, key, chosen, hasLooked, isStationMissing, isLooking, trouble, idOf, find, prove };
}
