/** The scanner and settings last used on this station. What was stored by another version is forgotten. */
import type { z } from 'zod';
import { startScanSchema } from '#domain/contracts/kiosk/batches.ts';

const key = 'ludeng.scanner';
export type ScanChoice = z.infer<typeof startScanSchema>;

export function readScanChoice(): ScanChoice | undefined {
  try {
    return startScanSchema.parse(JSON.parse(localStorage.getItem(key) ?? ''));
  } catch {
    return undefined;
  }
}

export function rememberScanChoice(choice: ScanChoice): void {
  localStorage.setItem(key, JSON.stringify(choice));
}
