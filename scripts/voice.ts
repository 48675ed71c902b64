/**
 * `npm run voice`: the clips in sync-server/voice from which a 验证码 is spoken, one for each letter, by Debian's espeak-ng until
 * better voices come; ffmpeg cuts the silence off and brings them to 8 kHz.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captchaLetters } from '../sync-server/services/accounts/captcha.ts';
import { asWav, sampleRate } from '../sync-server/services/accounts/captcha-sound.ts';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'sync-server', 'voice');
const trim = 'silenceremove=start_periods=1:start_threshold=-40dB';
const loudest = 120;
const work = mkdtempSync(join(tmpdir(), 'ludeng-voice-'));
try {
  mkdirSync(folder, { recursive: true });
  for (const letter of captchaLetters) {
    const spoken = join(work, 'spoken.wav');
    execFileSync('espeak-ng', ['-v', 'cmn', '-s', '120', '-w', spoken, letter]);
    const bytes = execFileSync('ffmpeg', [
      ...['-v', 'error', '-i', spoken, '-af', `${trim},areverse,${trim},areverse`],
      ...['-ar', String(sampleRate), '-ac', '1', '-f', 's16le', '-'],
    ]);
    const samples = Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(2 * at));
    const peak = Math.max(...samples.map(Math.abs));
    const clip = Uint8Array.from(samples, (sample) => 128 + Math.round((sample / peak) * loudest));
    writeFileSync(join(folder, `${letter}.wav`), asWav(clip));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
