/** Which of the station's cameras does what: chosen once at this station, and remembered. */

/** The one over the paper, and the one that looks at the person. */
export type CameraRole = 'document' | 'face';

const keys = { document: 'ludeng.camera', face: 'ludeng.camera.face' } as const;

/** Empty where nobody has chosen yet. */
export function rememberedCamera(role: CameraRole): string {
  return localStorage.getItem(keys[role]) ?? '';
}

export function rememberCamera(role: CameraRole, deviceId: string): void {
  localStorage.setItem(keys[role], deviceId);
}

/**
 * The camera to open: the one that was chosen, if it is plugged in; else the first that is not the other role's, since the
 * camera over the paper sees no face and the other way round. Undefined: whatever the browser takes, names are not known yet.
 */
export function cameraFor(role: CameraRole, plugged: readonly { deviceId: string }[]): string | undefined {
  const known = plugged.filter(({ deviceId }) => deviceId !== '');
  const own = rememberedCamera(role);
  if (known.some(({ deviceId }) => deviceId === own)) return own;
  const others = rememberedCamera(role === 'face' ? 'document' : 'face');
  const free = known.find(({ deviceId }) => deviceId !== others);
  // One camera for both is better than none.
  return (free ?? known[0])?.deviceId;
}

export function isSimulatedCamera(label: string): boolean {
  return /fake|模拟/iu.test(label);
}
