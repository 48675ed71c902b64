import type { Certificate } from '../catalogue/schema.ts';
import type { Line } from './schema.ts';

export function recogniseCertificate(
  _certificates: readonly Certificate[],
  _pages: readonly { lines: Line[] }[],
): { certificate: string; confidence: number }[] {
  return [];
}
