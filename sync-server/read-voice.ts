import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { samplesOf } from './services/accounts/captcha-sound.ts';
import type { Voice } from './services/accounts/captcha-sound.ts';

const folder = fileURLToPath(new URL('voice', import.meta.url));

/** The clips that `npm run voice` made. */
export function readVoice(): Voice {
  const files = readdirSync(folder).filter((name) => name.endsWith('.wav'));
  return new Map(files.map((name) => [basename(name, '.wav'), samplesOf(readFileSync(join(folder, name)))]));
}
