import { onBeforeUnmount, onMounted } from 'vue';
import { useAgent } from '../agent/provide-agent.ts';

/**
 * Tells the agent at the start, and whenever something is plugged or pulled, whether there is a camera at all: names and
 * sizes are known only once one is opened.
 */
export function useCameraPresence(): void {
  const agent = useAgent();
  const devices = navigator.mediaDevices as MediaDevices | undefined;

  async function tell(): Promise<void> {
    const cameras = (await devices?.enumerateDevices())?.filter(({ kind }) => kind === 'videoinput') ?? [];
    const label = cameras[0]?.label || '摄像头';
    const simulated = /fake|模拟/iu.test(label);
    const state = cameras.length > 0 ? 'ready' : 'missing';
    await agent.camera({ label: label.slice(0, 200), width: 0, height: 0, simulated, state });
  }
  // Only for the list of devices: a failure shows there, as a camera that is not known.
  const tellQuietly = (): void => void tell().catch(() => undefined);

  onMounted(() => {
    tellQuietly();
    devices?.addEventListener('devicechange', tellQuietly);
  });
  onBeforeUnmount(() => devices?.removeEventListener('devicechange', tellQuietly));
}
