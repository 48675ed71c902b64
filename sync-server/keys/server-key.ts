import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  sign,
} from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { ServerKey } from '../ports/surroundings.ts';

/**
 * The Ed25519 key at `path`, made at the first start, readable by its owner alone. Throws where the installation has one
 * (`expected`, PEM of the public key) and this is another or none: stations believe nothing signed with another key.
 */
export function openServerKey(path: string, expected: string | undefined): ServerKey {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const pem = readKey(path);
  if (pem === undefined && expected !== undefined) throw new Error(`没有找到服务器密钥 ${path}：${remedy}`);
  const privateKey = createPrivateKey(pem ?? makeKey(path));
  const publicKeyPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  if (expected !== undefined && expected !== publicKeyPem)
    throw new Error(`服务器密钥 ${path} 与数据库登记的不是同一个：${remedy}`);
  // RFC 5869 over the key's encoding, which is its 32 secret bytes behind a fixed head
  const secret = privateKey.export({ type: 'pkcs8', format: 'der' });
  return {
    publicKeyPem,
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64'),
    mac: (purpose, text) =>
      createHmac('sha256', new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32)))
        .update(text, 'utf8')
        .digest(),
  };
}

const remedy = '请用本套系统原来的 server-key.pem（备份文件中也有），各进程用 keyFile 指向同一份';

function readKey(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written beside and linked: a crash leaves no half key under the name, and of two that start at once one makes it. */
function makeKey(path: string): string {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const own = `${path}.${process.pid}.new`;
  const file = openSync(own, 'w', 0o600);
  try {
    writeSync(file, pem);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(own, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(own);
  }
  return readFileSync(path, 'utf8');
}
