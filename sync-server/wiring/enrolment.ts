import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '#config/private-files.ts';
import { sha256 } from '../services/hashing.ts';
import { createEnrolment, normaliseKey } from '../services/stations/enrol-station.ts';
import type { Enrolment } from '../services/stations/enrol-station.ts';
import type { Stores } from './open-stores.ts';
import type { Start } from './start.ts';

/** The stations of the settings are known, and one one-time code is good: that of the settings, or one that was made anew. */
export async function openEnrolment(
  { settings, log, clock }: Start,
  { stations, serverKey, trustAnchors }: Pick<Stores, 'stations' | 'serverKey' | 'trustAnchors'>,
): Promise<Enrolment> {
  for (const { id, name, publicKey } of settings.stations)
    await stations.addKnown({ id, name, publicKey: normaliseKey(publicKey) }, clock.now());
  const codeFile = join(settings.dataFolder, 'enrolment-code');
  const enrolment = createEnrolment({
    stations,
    serverKey,
    trustAnchors,
    clock,
    log,
    ...(settings.enrolment
      ? {}
      : { keepNextCode: (code: string) => writePrivateFile(codeFile, `${code}\n`) }),
  });
  if (settings.enrolment) {
    rmSync(codeFile, { force: true });
    const { code, reusable } = settings.enrolment;
    await stations.dropCodes({ keepSha: sha256(code) });
    await stations.addCode({ sha: sha256(code), reusable }, clock.now());
  } else {
    await stations.dropCodes({ writtenSha: codeIn(codeFile) });
    await enrolment.makeNextCode();
  }
  return enrolment;
}

/** Digest of the one-time code that an earlier start left in the file. */
const codeIn = (file: string): string | undefined =>
  existsSync(file) ? sha256(readFileSync(file, 'utf8').trim()) : undefined;
