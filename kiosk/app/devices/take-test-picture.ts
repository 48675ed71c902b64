/** One frame of a camera that the counter uses, for the test button; the camera is let go at once. */
import { cameraFor } from '../capture/camera-role.ts';
import type { CameraRole } from '../capture/camera-role.ts';

export interface TestPicture {
  /** A small JPEG as data URL. */
  url: string;
  /** The camera's name. */
  label: string;
  widthPx: number;
  heightPx: number;
  isDark: boolean;
}

const previewPx = 480;
/** Cameras begin with a black frame or two. */
const framesToSkip = 3;
const darkBelow = 12;

export async function takeTestPicture(role: CameraRole, signal: AbortSignal): Promise<TestPicture> {
  const id = cameraFor(role, await navigator.mediaDevices.enumerateDevices().then(onlyCameras));
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { width: { ideal: 1920 }, height: { ideal: 1080 }, ...(id ? { deviceId: { exact: id } } : {}) },
    audio: false,
  });
  try {
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    for (let frame = 0; frame < framesToSkip; frame++) await nextFrame(video, signal);
    const { videoWidth: widthPx, videoHeight: heightPx } = video;
    const canvas = document.createElement('canvas');
    canvas.width = previewPx;
    canvas.height = Math.round((previewPx * heightPx) / widthPx);
    const context = canvas.getContext('2d');
    if (!context) throw new DOMException('no canvas', 'NotSupportedError');
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let at = 1; at < data.length; at += 4) sum += data[at] ?? 0;
    const isDark = sum / (data.length / 4) < darkBelow;
    const label = stream.getVideoTracks()[0]?.label ?? '';
    return { label, url: canvas.toDataURL('image/jpeg', 0.85), widthPx, heightPx, isDark };
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

function onlyCameras(devices: readonly MediaDeviceInfo[]): MediaDeviceInfo[] {
  return devices.filter(({ kind }) => kind === 'videoinput');
}

function nextFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    video.requestVideoFrameCallback(() => resolve());
  });
}
