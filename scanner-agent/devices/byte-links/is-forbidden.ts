import { open } from 'node:fs/promises';

/** Whether the device file is there and this process may not open it: libraries tell a loss and a refusal alike. */
export async function isForbidden(path: string): Promise<boolean> {
  try {
    await (await open(path, 'r+')).close();
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
  }
}
