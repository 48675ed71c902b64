/** The test button of one device: what it says while it works, and what came of it. */
import { onScopeDispose, ref } from 'vue';
import type { Device } from '#domain/contracts/kiosk/devices.ts';
import { useAgent } from '../agent/provide-agent.ts';
import { isSimulatedCamera } from '../capture/camera-role.ts';
import type { CameraRole } from '../capture/camera-role.ts';
import { adviceOnCamera, faultedState, cameraErrorOf } from '../capture/camera-error.ts';
import { errorOf } from '../agent/use-async-action.ts';
import { words } from '../locales/zh-CN.ts';
import { takeTestPicture } from './take-test-picture.ts';

export type TestState =
  | { kind: 'idle' }
  | { kind: 'running'; text: string }
  | { kind: 'passed'; text: string; picture?: string }
  | { kind: 'failed'; text: string };

export function useDeviceTest(device: () => Device) {
  const agent = useAgent();
  const state = ref<TestState>({ kind: 'idle' });
  let stopping: AbortController | undefined;

  async function run(pin: string): Promise<void> {
    const { id, kind } = device();
    const mine = new AbortController();
    stopping = mine;
    const running = { 'card-reader': 'placing', 'signing-token': 'signing', camera: 'shooting' } as const;
    if (kind !== 'card-reader' && kind !== 'signing-token' && kind !== 'camera') return;
    state.value = { kind: 'running', text: words.devices.test[running[kind]] };
    try {
      if (kind === 'camera')
        state.value = await shoot(id === 'camera-face' ? 'face' : 'document', mine.signal);
      else {
        const { text, tookMs } = await agent.testDevice({ id, ...(pin ? { pin } : {}) }, mine.signal);
        state.value = { kind: 'passed', text: `${text}（${words.devices.test.took(tookMs)}）` };
      }
    } catch (error) {
      state.value = mine.signal.aborted ? { kind: 'idle' } : failed(error);
    }
  }

  /** What came of it is told to the agent too, for the device's own line. */
  async function shoot(role: CameraRole, signal: AbortSignal): Promise<TestState> {
    const shot = await takeTestPicture(role, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return cameraErrorOf(error);
    });
    const trouble = typeof shot === 'string' ? shot : shot.isDark ? 'dark' : undefined;
    const advice = trouble ? adviceOnCamera(role, trouble) : '';
    const told = trouble ? faultedState(trouble) : 'ready';
    const seen = typeof shot === 'string' ? { label: '', widthPx: 0, heightPx: 0 } : shot;
    void agent
      .camera({
        ...{ role, advice, state: told, width: seen.widthPx, height: seen.heightPx },
        label: seen.label.slice(0, 200),
        simulated: isSimulatedCamera(seen.label),
      })
      .catch(() => undefined);
    if (typeof shot === 'string' || trouble) return { kind: 'failed', text: advice };
    return { kind: 'passed', text: words.devices.test.shot(shot.widthPx, shot.heightPx), picture: shot.url };
  }

  const stop = (): void => stopping?.abort();
  onScopeDispose(stop);
  return { state, run, stop };
}

function failed(error: unknown): TestState {
  const { message, action } = errorOf(error);
  return { kind: 'failed', text: `${message}：${action}` };
}
