import { onScopeDispose, ref, shallowRef } from 'vue';
import { largestSize, readSize, rememberSize, requestOf, sizesUpTo } from './camera-size.ts';
import type { CameraSize } from './camera-size.ts';
import { cameraFor, rememberCamera, rememberedCamera } from './camera-role.ts';
import type { CameraRole } from './camera-role.ts';
import { adviceOnCamera, faultedState, cameraErrorOf } from './camera-error.ts';
import type { CameraError } from './camera-error.ts';
import { readStill } from './read-still.ts';

export type CameraState = { kind: 'opening' } | { kind: 'open' } | { kind: 'trouble'; trouble: CameraError };

/** A face needs no more, and a person does not wait for it. */
const faceSize: CameraSize = { width: 1280, height: 720 };

/** One of the station's cameras: chosen once and remembered, opened at its full size or the one chosen, reported when it goes. */
export function useCamera(options: {
  role: CameraRole;
  video: () => HTMLVideoElement | null;
  onChange: (camera: {
    label: string;
    width: number;
    height: number;
    state: 'ready' | 'missing' | 'fault';
    advice: string;
  }) => void;
}) {
  const state = ref<CameraState>({ kind: 'opening' });
  const cameras = shallowRef<readonly MediaDeviceInfo[]>([]);
  const cameraId = ref(rememberedCamera(options.role));
  const size = shallowRef<CameraSize>({ width: 0, height: 0 });
  /** What the camera offers, largest first. */
  const sizes = shallowRef<readonly CameraSize[]>([]);
  let wanted = options.role === 'face' ? faceSize : (readSize() ?? largestSize);
  let stream: MediaStream | undefined;
  let turn = 0;

  async function open(chosen?: string): Promise<void> {
    const mine = ++turn;
    close();
    state.value = { kind: 'opening' };
    try {
      const next = await request(chosen ?? cameraFor(options.role, await pluggedIn()) ?? '');
      if (mine !== turn) {
        stop(next);
        return;
      }
      await show(next, chosen === undefined);
    } catch (error) {
      if (mine === turn) fail(cameraErrorOf(error));
    }
  }
  async function request(id: string): Promise<MediaStream> {
    const video = { ...requestOf(wanted), ...(id ? { deviceId: { exact: id } } : {}) };
    try {
      return await navigator.mediaDevices.getUserMedia({ video, audio: false });
    } catch (error) {
      // The remembered camera is not plugged in today: any other will do.
      if (id && error instanceof DOMException && error.name === 'OverconstrainedError') return request('');
      throw error;
    }
  }
  async function show(next: MediaStream, mayBeAnother: boolean): Promise<void> {
    stream = next;
    const [track] = next.getVideoTracks();
    const video = options.video();
    if (!track || !video) throw new DOMException('no video', 'NotFoundError');
    track.addEventListener('ended', () => stream === next && fail('lost'));
    video.srcObject = next;
    await video.play();
    cameras.value = await pluggedIn();
    cameraId.value = track.getSettings().deviceId ?? '';
    // Before the first permission the cameras have no names: only now is it known which one this is.
    const better = cameraFor(options.role, cameras.value);
    if (mayBeAnother && better !== undefined && better !== cameraId.value) return open(better);
    size.value = { width: video.videoWidth, height: video.videoHeight };
    sizes.value = sizesUpTo(track.getCapabilities(), size.value);
    state.value = { kind: 'open' };
    options.onChange({ label: track.label, ...size.value, state: 'ready', advice: '' });
  }
  function choose(id: string): void {
    rememberCamera(options.role, id);
    void open(id);
  }
  function chooseSize(next: CameraSize): void {
    rememberSize(next);
    wanted = next;
    void open();
  }
  function fail(trouble: CameraError): void {
    close();
    state.value = { kind: 'trouble', trouble };
    options.onChange({
      ...{ label: '', width: 0, height: 0 },
      state: faultedState(trouble),
      advice: adviceOnCamera(options.role, trouble),
    });
  }
  function close(): void {
    if (stream) stop(stream);
    stream = undefined;
  }
  /** A JPEG at the camera's full size. */
  async function shoot(): Promise<Blob | undefined> {
    const video = options.video();
    const [track] = stream?.getVideoTracks() ?? [];
    if (!video || !track) return undefined;
    const still = await readStill(video, track);
    if (!still) fail('dark');
    return still;
  }
  onScopeDispose(() => {
    turn += 1;
    close();
  });

  return { state, cameras, cameraId, size, sizes, open, choose, chooseSize, close, shoot };
}

async function pluggedIn(): Promise<MediaDeviceInfo[]> {
  return (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
