import { onBeforeUnmount, onMounted } from 'vue';
import { useAgent } from '../agent/provide-agent.ts';
import { isSimulatedCamera, rememberedCamera } from './camera-role.ts';
import type { CameraRole } from './camera-role.ts';
import { adviceOnCamera, faultedState } from './camera-error.ts';

/**
 * Tells the agent at the start, and whenever something is plugged or pulled, whether there is a camera at all: names and
 * sizes are known only once one is opened.
 */
export function useCameraPresence(): void {
  const agent = useAgent();
  const devices = navigator.mediaDevices as MediaDevices | undefined;

  async function tell(role: CameraRole): Promise<void> {
    const cameras = (await devices?.enumerateDevices())?.filter(({ kind }) => kind === 'videoinput') ?? [];
    const chosen = rememberedCamera(role);
    // Nobody misses a second camera that was never chosen.
    if (role === 'face' && !chosen) return;
    const own = cameras.find(({ deviceId }) => deviceId === chosen);
    // Names are hidden until the page was allowed to use a camera: then it is only known that there is one.
    const isHidden = cameras.some(({ deviceId }) => deviceId === '');
    const camera = own ?? (role === 'document' || isHidden ? cameras[0] : undefined);
    const trouble = camera ? await refusal() : 'missing';
    await agent.camera({
      role,
      label: (camera?.label ?? '').slice(0, 200),
      width: 0,
      height: 0,
      simulated: isSimulatedCamera(camera?.label ?? ''),
      state: trouble ? faultedState(trouble) : 'ready',
      advice: trouble ? adviceOnCamera(role, trouble) : '',
    });
  }
  // Only for the list of devices: a failure shows there, as a camera that is not known.
  const tellQuietly = (): void => void Promise.all([tell('document'), tell('face')]).catch(() => undefined);

  onMounted(() => {
    tellQuietly();
    devices?.addEventListener('devicechange', tellQuietly);
  });
  onBeforeUnmount(() => devices?.removeEventListener('devicechange', tellQuietly));
}

/** Whether the browser says beforehand that this page may not use cameras. */
async function refusal(): Promise<'denied' | undefined> {
  const permission = await navigator.permissions.query({ name: 'camera' }).catch(() => undefined);
  return permission?.state === 'denied' ? 'denied' : undefined;
}
