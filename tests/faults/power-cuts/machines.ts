/** What can lose its power: an emulated machine with its own kernel, or a disk of this machine alone. */
import { join } from 'node:path';
import { prepareKernel } from '#tests/rig/kernel.ts';
import { startMounted, whyNotMounted } from '#tests/rig/mounted.ts';
import { bootRig } from '#tests/rig/rig.ts';
import type { Rig, RigOptions } from '#tests/rig/rig.ts';

/** As the program in there sees it. */
export interface Places {
  /** Folder that it shares with the host. */
  out: string;
  /** The disk, and the folder to mount it at. */
  device: string;
  disk: string;
  /** TCP port to listen at, for whoever calls the host's port. */
  port: number;
}

export interface Machine {
  boot(options: RigOptions, places: Places): Promise<Rig>;
  /** `folder`: of this run. */
  places(host: { folder: string; outFolder: string; diskFile: string; port: number }): Places;
}

export async function findMachine(name: 'emulated' | 'here'): Promise<Machine | { missing: string }> {
  if (name === 'here') {
    const missing = await whyNotMounted();
    return missing === undefined ? here : { missing };
  }
  const kernel = await prepareKernel();
  if ('missing' in kernel) return kernel;
  return {
    boot: (options) => bootRig(kernel, options),
    places: () => ({ out: '/rig/out', device: '/dev/vda', disk: '/rig/disk', port: guestPort }),
  };
}

export const guestPort = 8720;

const here: Machine = {
  boot: (options, { disk }) => startMounted(disk, options),
  places: ({ folder, outFolder, diskFile, port }) => ({
    out: outFolder,
    device: diskFile,
    disk: join(folder, 'disk-here'),
    port,
  }),
};
