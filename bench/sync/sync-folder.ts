import { open } from 'node:fs/promises';

/** Until then a power cut may take the newest names back. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
