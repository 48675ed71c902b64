import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import { readAuthorities } from '#sealing/read-certificates.ts';

/** The authorities in a file of the profile or of the command line. Throws FILE_MISSING, TRUST_FILE_UNREADABLE. */
export function readTrustFile(file: string): Uint8Array[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new AppError('FILE_MISSING', { file }, { cause: error });
  }
  try {
    return readAuthorities(bytes);
  } catch (error) {
    throw new AppError('TRUST_FILE_UNREADABLE', { file: basename(file) }, { cause: error });
  }
}
