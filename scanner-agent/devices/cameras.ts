/** The cameras that the system knows: the page opens them, but only the system tells that one is plugged in at all. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface SystemCamera {
  name: string;
  /** E.g. `/dev/video0`. */
  path: string;
}

const videoClass = '/sys/class/video4linux';

/** Empty where none is plugged in, and on systems other than Linux, which are not asked. */
export async function listCameras(): Promise<SystemCamera[]> {
  const nodes = (await readdir(videoClass).catch(() => [])).filter((node) => /^video\d+$/.test(node)).sort();
  const all = await Promise.all(
    nodes.map(async (node) => {
      const [name, index] = await Promise.all(
        ['name', 'index'].map((file) =>
          readFile(join(videoClass, node, file), 'utf8').then(
            (text) => text.trim(),
            () => '',
          ),
        ),
      );
      // A UVC camera's further nodes carry metadata, no pictures.
      return index === '0' && name ? [{ name, path: `/dev/${node}` }] : [];
    }),
  );
  return all.flat();
}
