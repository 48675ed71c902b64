/** `./ludeng verify-credential`: whether files are credentials that the holder of a published key has signed. Asks nobody. */
import { createPublicKey } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import { maxCredentialFileBytes } from '#domain/credentials/file.ts';
import { numberOf } from '#domain/credentials/schema.ts';
import { checkCredentialFile } from '#sealing/credential-file.ts';
import type { CheckedFile } from '#sealing/credential-file.ts';
import { readInput } from './batch.ts';

const verdictTexts = {
  holds: '签名有效，内容未被改动',
  altered: '无效：内容与签名不符，已被改动',
  foreign: '无效：由另一把密钥签名，不是这份公钥的颁发者',
  incomplete: '无效：文件不完整，或不是下载的原文件',
  'not-one': '无效：不是数字证照文件',
} as const satisfies Record<CheckedFile['verdict'], string>;

/**
 * Exit status: 0 all of them hold, 1 some do not. How a credential stands today only its server knows, and the text says so.
 * Throws FILE_MISSING for a key or a file that is not there, BAD_REQUEST where the key is none.
 */
export async function verifyCredentialFiles({
  files,
  key,
}: {
  files: readonly string[];
  key: string;
}): Promise<number> {
  const pem = await readKey(key);
  let refused = 0;
  for (const file of files) {
    const bytes = await readInput(file);
    if (bytes.length > maxCredentialFileBytes) throw new AppError('FILE_TOO_LARGE', { file });
    const checked = checkCredentialFile(bytes, pem);
    process.stdout.write(`${file}\t${verdictTexts[checked.verdict]}\n`);
    if (checked.verdict !== 'holds') {
      refused++;
      continue;
    }
    const { body } = checked;
    process.stdout.write(`\t${numberOf(body)}\t${body.subject.name}\t${body.issuedAt}\n`);
  }
  process.stdout.write('当前是否有效（吊销、作废、被代替）须联网查验。\n');
  return refused === 0 ? 0 : 1;
}

async function readKey(file: string): Promise<string> {
  const pem = Buffer.from(await readInput(file)).toString('utf8');
  try {
    return createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
  } catch (error) {
    throw new AppError('BAD_REQUEST', { file, reason: '不是 PEM 格式的公钥' }, { cause: error });
  }
}
