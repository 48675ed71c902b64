/** Whom a backup is encrypted to, and what opens it: keys of age (age-encryption.org/v1), which the program of that name reads too. */
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { tighten } from '#config/private-files.ts';

/** Writes a new private key (mode 0600) and answers what to do with its public half. Throws where the file exists. */
export async function makeBackupKey(path: string): Promise<string> {
  if (existsSync(path)) throw new Error(`${path} 已存在，请换一个文件名`);
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const file = openSync(resolve(path), 'wx', 0o600);
  try {
    writeFileSync(file, `# 绿灯站备份私钥，公钥：${recipient}\n${identity}\n`, { flush: true });
  } finally {
    closeSync(file);
  }
  return `私钥已写入 ${path}：请移到服务器以外的地方保管，丢失后备份无法恢复\n公钥（写入配置 backup.recipients）：${recipient}`;
}

/** The private keys of a file, one a line, `#` begins a comment. */
export function readIdentities(path: string): string[] {
  if (!existsSync(path)) throw new Error(`没有找到私钥文件 ${path}`);
  tighten(path);
  const lines = readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0 || lines.some((line) => !/^AGE-SECRET-KEY-[0-9A-Z-]+$/.test(line)))
    throw new Error(`${path} 不是备份私钥文件：应含以 AGE-SECRET-KEY- 开头的一行`);
  return lines;
}

/** Throws for what is no public key, before anything is written. */
export function checkRecipients(recipients: readonly string[]): readonly string[] {
  for (const recipient of recipients) {
    if (recipient.startsWith('AGE-SECRET-KEY-')) throw new Error('给出的是备份私钥：请改用 age1 开头的公钥');
    try {
      new Encrypter().addRecipient(recipient);
    } catch (error) {
      throw new Error(`${recipient} 不是备份公钥：应以 age1 开头`, { cause: error });
    }
  }
  return recipients;
}
