import { X509Certificate } from 'node:crypto';

/** As the emulators name the authorities they make. */
const simulated = '绿灯站模拟';

/**
 * Whoever has the program has the simulated authority's key and can have it sign for any company: it may be believed in a
 * demonstration only. What cannot be read is no such one; it is refused where it is used, with its reason.
 */
export function isSimulatedAuthority(certificate: string | Uint8Array): boolean {
  try {
    return new X509Certificate(certificate).subject.includes(simulated);
  } catch {
    return false;
  }
}
