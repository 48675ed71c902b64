import { computed, ref, shallowRef } from 'vue';
import { caLoginRoutes } from '#domain/contracts/public/ca-login.ts';
import type { BrowserChallenge, CaLoginView, CaptchaAnswer } from '#domain/contracts/public/ca-login.ts';
import type { KeyProof } from '#domain/sync/subject-feed.ts';
import { RequestFailure, Unreachable, isFailure } from '#ui/client/failure.ts';
import { answerCaptcha } from './answer-captcha.ts';
import { ask, useAction } from './server-client.ts';
import { useStationKeys } from './use-station-keys.ts';

export interface SignedChallenge {
  challenge: BrowserChallenge;
  proof: KeyProof;
}

/** How many tries a wrong password left, where that was what failed. */
export function triesLeftOf(error: unknown): number | undefined {
  if (!(error instanceof RequestFailure) || !isFailure(error, 'PIN_INCORRECT')) return undefined;
  const left = error.wire.details['remainingTries'];
  return typeof left === 'number' ? left : undefined;
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
      try {
        await look(view.value.station);
        isStationMissing.value = false;
      } catch (error) {
        // a program that is not there, and one of another server, look alike to the browser
        if (!(error instanceof Unreachable)) throw error;
        isStationMissing.value = true;
      }
      const usable = keys.value.filter(({ isLocked }) => !isLocked);
      if (!usable.some((one) => idOf(one) === chosen.value)) chosen.value = usable[0] && idOf(usable[0]);
    });

  /** Undefined where no key is chosen. `captcha`: left out, the computer works for it. Throws what the station program and the server refuse. */
  async function prove(pin: string, captcha?: CaptchaAnswer): Promise<SignedChallenge | undefined> {
    const [one, station] = [key.value, view.value?.station];
    if (!one || station === undefined) return undefined;
    const challenge = await ask(caLoginRoutes.makeChallenge, {
      body: { captcha: captcha ?? (await answerCaptcha()) },
    });
    const { tokenId, certificateId } = one;
    return { challenge, proof: await sign(station, { tokenId, certificateId, pin, challenge }) };
  }
  return { view, keys, key, chosen, hasLooked, isStationMissing, isLooking, trouble, idOf, find, prove };
}
