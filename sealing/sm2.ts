/**
 * SM2 signatures with SM3 (GB/T 32918.2, GB/T 35276). The signer's identity is part of what is hashed; Node's own SM2
 * uses an empty one, which nobody in the field does, so it is never asked.
 */
import { createHash } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import { equalBytes, expectTlv, integer, readAll, readTlv, sequence } from './der.ts';

/** GM/T 0009 §10: the identity where none is agreed on. */
export const sm2Identity = '1234567812345678';

const order = BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123');
// a, b and the base point of the curve, as they enter Z
const curveBytes = Buffer.from(
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc' +
    '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93' +
    '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7' +
    'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0',
  'hex',
);

/** The public key of an SM2 certificate: x and y, 32 bytes each. Throws where it is none. */
export function sm2PointOf(certificate: Uint8Array): Uint8Array {
  const body = readAll(expectTlv(readAll(readTlv(certificate).value), 0, 0x30).value);
  const keyInfo = expectTlv(body, body[0]?.tag === 0xa0 ? 6 : 5, 0x30);
  const bits = expectTlv(readAll(keyInfo.value), 1, 0x03).value;
  if (bits.length !== 66 || bits[0] !== 0 || bits[1] !== 4) throw new Error('not an uncompressed point');
  return bits.subarray(2);
}

/** The 32 bytes that SM2 signs: SM3(Z ‖ data). */
export function sm2Digest(point: Uint8Array, data: Uint8Array, identity: string = sm2Identity): Uint8Array {
  const id = Buffer.from(identity, 'latin1');
  const idBits = Buffer.alloc(2);
  idBits.writeUInt16BE(id.length * 8);
  const z = createHash('sm3').update(idBits).update(id).update(curveBytes).update(point).digest();
  return createHash('sm3').update(z).update(data).digest();
}

/** Whether `signature`, the one DER form of SEQUENCE{r, s}, was made over `data`. Throws on what is no DER. */
export function isSm2Signature({
  point,
  data,
  signature,
}: {
  point: Uint8Array;
  data: Uint8Array;
  signature: Uint8Array;
}): boolean {
  const numbers = readAll(readTlv(signature).value);
  const [r, s] = [expectTlv(numbers, 0, 0x02).value, expectTlv(numbers, 1, 0x02).value];
  if (!equalBytes(sequence(integer(r), integer(s)), signature)) return false;
  const texts = [r, s].map((value) => Buffer.from(value).toString('hex'));
  const numbersOf = texts.map((text) => BigInt(`0x${text}`));
  if (!numbersOf.every(isInRange)) return false;
  // GB/T 32918.2 §7.1 B5
  if (numbersOf.reduce((sum, number) => sum + number) % order === 0n) return false;
  const rAndS = texts.map((text) => text.slice(-64).padStart(64, '0')).join('');
  const digest = sm2Digest(point, data);
  const publicKey = `04${Buffer.from(point).toString('hex')}`;
  return sm2.verifyPublicKey(publicKey) && sm2.doVerifySignature(digest, rAndS, publicKey, { hash: false });
}

function isInRange(value: bigint): boolean {
  return value > 0n && value < order;
}
