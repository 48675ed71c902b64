/** A still picture from a camera, never a black one: the first frames of many cameras are. */

const maxFrames = 12;
const takePhotoTimeoutMs = 4_000;
/** Mean brightness (0..255) below which a frame is no picture. */
const blackBelow = 6;

interface PhotoCapture {
  takePhoto(): Promise<Blob>;
}
type WithImageCapture = typeof globalThis & { ImageCapture?: new (track: MediaStreamTrack) => PhotoCapture };

/** Undefined: twelve frames and no light in any. */
export async function readStill(video: HTMLVideoElement, track: MediaStreamTrack): Promise<Blob | undefined> {
  for (let count = 0; count < maxFrames; count += 1) {
    if (brightnessOf(video) >= blackBelow) return (await takePhoto(track, video)) ?? (await drawFrame(video));
    await nextFrame(video);
  }
  return undefined;
}

/** The camera's own still, when it is at least as large as the video; some cameras never answer. */
async function takePhoto(track: MediaStreamTrack, video: HTMLVideoElement): Promise<Blob | undefined> {
  const { ImageCapture } = globalThis as WithImageCapture;
  if (!ImageCapture) return undefined;
  try {
    const photo = await Promise.race([new ImageCapture(track).takePhoto(), refuseAfter(takePhotoTimeoutMs)]);
    if (photo.type !== 'image/jpeg' && photo.type !== 'image/png') return undefined;
    const bitmap = await createImageBitmap(photo);
    const isWhole = bitmap.width >= video.videoWidth && bitmap.height >= video.videoHeight;
    bitmap.close();
    return isWhole ? photo : undefined;
  } catch {
    return undefined;
  }
}

function refuseAfter(timeoutMs: number): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('no photo in time')), timeoutMs));
}

export async function drawFrame(
  video: HTMLVideoElement,
  widthPx?: number,
  quality = 0.95,
): Promise<Blob | undefined> {
  const scale = widthPx ? Math.min(1, widthPx / video.videoWidth) : 1;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
  return blob ?? undefined;
}

function brightnessOf(video: HTMLVideoElement): number {
  const side = 48;
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || video.videoWidth === 0) return 0;
  context.drawImage(video, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  let sum = 0;
  for (let at = 0; at < data.length; at += 4)
    sum += (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0);
  return sum / (3 * side * side);
}

function nextFrame(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 500);
    video.requestVideoFrameCallback(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
