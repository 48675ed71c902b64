import { materialWords } from '../locales/material-words.ts';
import type { CameraRole } from './camera-role.ts';

/** denied: by the browser or its policy; dark: open, and nothing but black. */
export type CameraError = 'denied' | 'missing' | 'busy' | 'lost' | 'dark';

/** What getUserMedia and play throw. */
export function cameraErrorOf(error: unknown): CameraError {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'missing';
}

/** For the device list: what is wrong and what to do, in the words of the camera's own dialogue. */
export function adviceOnCamera(role: CameraRole, trouble: CameraError): string {
  const { message, mend } = (role === 'face' ? materialWords.faceCamera : materialWords.camera).states[
    trouble
  ];
  return `${message}：${mend}`;
}

/** What the agent keeps of it. */
export const faultedState = (trouble: CameraError): 'missing' | 'fault' =>
  trouble === 'missing' ? 'missing' : 'fault';
