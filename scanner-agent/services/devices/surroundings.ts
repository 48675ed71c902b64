import { statfsSync } from 'node:fs';
import type { Device } from '#domain/contracts/kiosk/devices.ts';
import type { StationHealth } from '#domain/sync/fleet.ts';

type Surroundings = Pick<StationHealth, 'modelPack' | 'devices' | 'disk'>;

/** Devices, model pack and disk as the desk hears of them. Says nothing of the person at the counter. Never throws. */
export function createSurroundings(options: {
  devices: () => readonly Device[];
  /** With the station's store. */
  folder: string;
}): () => Surroundings {
  return () => {
    const devices = options.devices();
    const model = devices.find(({ kind, state }) => kind === 'reader-model' && state === 'ready');
    const disk = diskOf(options.folder);
    return {
      devices: devices.slice(0, 50).map(healthOf),
      ...(model ? { modelPack: `${model.name}（${model.driver}）`.slice(0, 80) } : {}),
      ...(disk ? { disk } : {}),
    };
  };
}

function healthOf({ kind, name, driver, state, advice }: Device): StationHealth['devices'][number] {
  // a visitor's own key carries a name, and that it is locked is no fault of the station
  if (kind === 'signing-token' && driver !== '') return { kind, name: 'UKey', state: 'ready', advice: '' };
  return { kind, name: name.slice(0, 120), state, advice: advice.slice(0, 300) };
}

function diskOf(folder: string): StationHealth['disk'] {
  try {
    const { bavail, blocks, bsize } = statfsSync(folder);
    return blocks > 0 ? { freeBytes: bavail * bsize, totalBytes: blocks * bsize } : undefined;
  } catch {
    // a folder that cannot be asked about is seen elsewhere
    return undefined;
  }
}
