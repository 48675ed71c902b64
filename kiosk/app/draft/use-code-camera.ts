import { nextTick, onBeforeUnmount, ref } from 'vue';
import { useAgent } from '../agent/provide-agent.ts';
import { drawFrame } from '../capture/read-still.ts';
import { useCamera } from '../capture/use-camera.ts';

/** Between two looks. */
const everyMs = 500;
/** Enough for a code that fills a quarter of the picture. */
const widthPx = 1600;

/** The document camera, looked at until it shows the code of a draft. */
export function useCodeCamera(video: () => HTMLVideoElement | null, onCode: (code: string) => void) {
  const agent = useAgent();
  const isOn = ref(false);
  const camera = useCamera({ role: 'document', video, onChange: () => undefined });
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function start(): Promise<void> {
    isOn.value = true;
    await nextTick();
    await camera.open();
    if (isOn.value) void look();
  }
  async function look(): Promise<void> {
    const shown = video();
    const picture =
      shown && camera.state.value.kind === 'open' ? await drawFrame(shown, widthPx, 0.85) : undefined;
    // a frame that could not be read is followed by another
    const found = picture && (await agent.readDraftCode(picture).catch(() => undefined));
    if (!isOn.value) return;
    if (found?.code !== undefined) {
      stop();
      onCode(found.code);
    } else timer = setTimeout(() => void look(), everyMs);
  }
  function stop(): void {
    clearTimeout(timer);
    isOn.value = false;
    camera.close();
  }
  onBeforeUnmount(stop);
  return { isOn, state: camera.state, start, stop };
}
