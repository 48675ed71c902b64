import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import { caLoginRoutes } from '#domain/contracts/public/ca-login.ts';
import type { Captcha, CaptchaAnswer } from '#domain/contracts/public/ca-login.ts';
import { ask } from '../../client/server-client.ts';
import { doWork } from '../../client/do-work.ts';

/** The picture code, or the work in its place. */
export function useCaptcha() {
  const captcha = shallowRef<Captcha>();
  const typed = ref('');
  const work = shallowRef<Awaited<ReturnType<typeof doWork>>>();
  const isWorking = ref(false);
  let stopping = new AbortController();
  const player = new Audio();
  const picture = computed(() =>
    captcha.value === undefined
      ? undefined
      : `data:image/svg+xml;base64,${window.btoa(captcha.value.picture)}`,
  );

  async function renew(): Promise<void> {
    stopping.abort();
    stopping = new AbortController();
    typed.value = '';
    work.value = undefined;
    captcha.value = await ask(caLoginRoutes.makeCaptcha);
  }
  /** Beginning anew where it is heard again. */
  async function listen(): Promise<void> {
    const id = captcha.value?.id;
    if (id === undefined) return;
    const sound = await ask(caLoginRoutes.soundOfCaptcha, { params: { id } });
    silence();
    player.src = URL.createObjectURL(sound);
    await player.play();
  }
  function silence(): void {
    player.pause();
    URL.revokeObjectURL(player.src);
  }
  async function workInstead(): Promise<void> {
    await renew();
    const { value } = captcha;
    if (!value) return;
    isWorking.value = true;
    try {
      work.value = await doWork(value.work, stopping);
    } finally {
      isWorking.value = false;
    }
  }
  /** Undefined where nothing was entered. */
  function answer(): CaptchaAnswer | undefined {
    const id = captcha.value?.id;
    if (id === undefined) return undefined;
    if (work.value !== undefined) return { id, work: work.value };
    return typed.value.trim() === '' ? undefined : { id, answer: typed.value.trim() };
  }
  onScopeDispose(() => {
    stopping.abort();
    silence();
  });
  return { picture, typed, work, isWorking, renew, listen, workInstead, answer };
}
