/** The results of 人脸识别, signed as the contract says; and those that an attacker would bring. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '#config/private-files.ts';
import { textOfStatement } from '#domain/contracts/outside/face.ts';
import type { FaceStatement } from '#domain/contracts/outside/face.ts';
import type { Forgery, SandboxFaceCheck } from './schemas.ts';

type Done = NonNullable<SandboxFaceCheck['done']>;

/** The key is made at the first start in `folder`. */
export function openFaceKey(folder: string): { privateKey: KeyObject; publicKeyPem: string } {
  const file = join(folder, 'face-key.pem');
  if (!existsSync(file)) {
    const made = generateKeyPairSync('ed25519').privateKey;
    writePrivateFile(file, made.export({ type: 'pkcs8', format: 'pem' }));
  }
  const privateKey = createPrivateKey(readFileSync(file));
  return {
    privateKey,
    publicKeyPem: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
  };
}

export function signedResult(
  { checkId, request }: SandboxFaceCheck,
  outcome: FaceStatement['outcome'],
  key: KeyObject,
): Done {
  return signed(
    {
      checkId,
      idNumberSha256: sha256(request.idNumber),
      about: request.about,
      nonce: request.nonce,
      outcome,
      at: new Date().toISOString(),
    },
    key,
  );
}

/** `earlier`: the results of other checks, the newest first. */
export function forgedResult(
  check: SandboxFaceCheck,
  forgery: Forgery,
  { key, earlier }: { key: KeyObject; earlier: readonly Done[] },
): object {
  const honest = signedResult(check, 'passed', key);
  const withOther = (change: Partial<FaceStatement>): Done => signed({ ...honest.statement, ...change }, key);
  switch (forgery) {
    case 'unsigned':
      return { state: 'done', statement: honest.statement };
    case 'wrong-key':
      return signed(honest.statement, generateKeyPairSync('ed25519').privateKey);
    case 'tampered':
      return { ...signedResult(check, 'failed', key), statement: honest.statement };
    case 'other-person':
      return withOther({ idNumberSha256: sha256('11010519491231002X') });
    case 'other-about':
      return withOther({ about: `${check.request.about}-other`.slice(-200) });
    case 'other-nonce':
      return withOther({ nonce: randomBytes(32).toString('hex') });
    case 'other-check':
      return withOther({ checkId: randomBytes(16).toString('base64url') });
    case 'replayed':
      return earlier.find(({ statement }) => statement.outcome === 'passed') ?? { state: 'pending' };
    case 'old':
      return withOther({ at: new Date(Date.now() - 11 * 60_000).toISOString() });
  }
}

const signed = (statement: FaceStatement, key: KeyObject): Done => ({
  state: 'done',
  statement,
  signature: sign(null, Buffer.from(textOfStatement(statement)), key).toString('base64'),
});

const sha256 = (text: string): string => hash('sha256', text);
