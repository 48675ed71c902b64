import { onScopeDispose, ref } from 'vue';
import type { Ref } from 'vue';
import { readCode } from './read-code.ts';

export type CameraState = 'starting' | 'on' | 'none' | 'refused' | 'insecure';

/** Between two looks at the picture: a phone shall not get warm by it. */
const everyMs = 200;

/** The phone's camera, looked at until it shows a code. */
export function useCamera(
  video: Readonly<Ref<HTMLVideoElement | undefined>>,
  onCode: (text: string) => void,
) {
  const state = ref<CameraState>('starting');
  let stream: MediaStream | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function start(): Promise<void> {
    // only pages over TLS, and of the own machine, are given a camera
    if (!window.isSecureContext) {
      state.value = 'insecure';
      return;
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment', width: { ideal: 1280 } },
      });
    } catch (error) {
      const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
      state.value = isRefused ? 'refused' : 'none';
      return;
    }
    if (!video.value) return stop();
    video.value.srcObject = stream;
    await video.value.play();
    state.value = 'on';
    void look();
  }

  async function look(): Promise<void> {
    const shown = video.value;
    if (!shown || !stream) return;
    const text = await readCode(shown, { width: shown.videoWidth, height: shown.videoHeight });
    if (!stream) return;
    if (text !== undefined) return onCode(text);
    timer = setTimeout(() => void look(), everyMs);
  }

  function stop(): void {
    clearTimeout(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
  }
  onScopeDispose(stop);
  return { state, start, stop };
}
