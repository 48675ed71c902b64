/** Which algorithms and keys may stand in a chain, and why another may not. */
import { equalBytes, expectTlv, oid, readAll, readTlv } from './der.ts';
import type { Tlv } from './der.ts';
import { dotted } from './names.ts';

/** `weak`: it can be forged today. `unsupported`: nothing is known against it, but nobody here can check it. */
export type AlgorithmFault = 'weak' | 'unsupported';

export type KeyKind = 'rsa' | 'ec' | 'sm2';

interface KnownSignature {
  hash: 'sha256' | 'sha384' | 'sha512' | 'sm3';
  key: KeyKind;
}

const signatures: Readonly<Record<string, KnownSignature>> = {
  '1.2.840.113549.1.1.11': { hash: 'sha256', key: 'rsa' },
  '1.2.840.113549.1.1.12': { hash: 'sha384', key: 'rsa' },
  '1.2.840.113549.1.1.13': { hash: 'sha512', key: 'rsa' },
  '1.2.840.10045.4.3.2': { hash: 'sha256', key: 'ec' },
  '1.2.840.10045.4.3.3': { hash: 'sha384', key: 'ec' },
  '1.2.840.10045.4.3.4': { hash: 'sha512', key: 'ec' },
  // GM/T 0006
  '1.2.156.10197.1.501': { hash: 'sm3', key: 'sm2' },
};

/** Signatures over MD2, MD4, MD5, SHA-1 or SHA-224. */
const weakSignatures = new Set([
  ...['1.2.840.113549.1.1.2', '1.2.840.113549.1.1.3', '1.2.840.113549.1.1.4', '1.2.840.113549.1.1.5'],
  ...['1.2.840.113549.1.1.14', '1.3.14.3.2.3', '1.3.14.3.2.15', '1.3.14.3.2.27', '1.3.14.3.2.29'],
  ...['1.2.840.10040.4.3', '2.16.840.1.101.3.4.3.1', '1.2.840.10045.4.1', '1.2.840.10045.4.3.1'],
]);

/** An AlgorithmIdentifier over a certificate or list. Parameters: RFC 4055 lets RSA write NULL or nothing. */
export function judgeSignatureAlgorithm(identifier: Uint8Array): KnownSignature | AlgorithmFault {
  const [type, parameters, ...more] = readAll(expectTlv([readTlv(identifier)], 0, 0x30).value);
  const id = dotted(expectTlv(type ? [type] : [], 0, 0x06).value);
  if (weakSignatures.has(id)) return 'weak';
  const known = signatures[id];
  if (!known || more.length > 0) return 'unsupported';
  const isNull = parameters?.tag === 0x05 && parameters.value.length === 0;
  // GM/T 0015: the parameters of SM2 are absent, some authorities write NULL
  const mayBeNull = known.key !== 'ec';
  return parameters === undefined || (isNull && mayBeNull) ? known : 'unsupported';
}

// by the order's bits: 2^112 steps are the least that anybody still recommends (GB/T 39786, SP 800-57)
const strongCurves = new Set(['1.2.840.10045.3.1.7', '1.3.132.0.34', '1.3.132.0.35']);
const sm2Curve = '1.2.156.10197.1.301';
const rsaKey = '1.2.840.113549.1.1.1';
const ecKey = '1.2.840.10045.2.1';

/** A SubjectPublicKeyInfo. Curves only by name: parameters written out can be chosen to fit any signature. */
export function judgeKey(keyInfo: Tlv): { kind: KeyKind } | AlgorithmFault {
  const fields = readAll(keyInfo.value);
  const [type, parameters] = readAll(expectTlv(fields, 0, 0x30).value);
  const bits = expectTlv(fields, 1, 0x03).value;
  const id = dotted(expectTlv(type ? [type] : [], 0, 0x06).value);
  if (id === rsaKey) return judgeRsa(bits.subarray(1));
  if (id !== ecKey) return 'unsupported';
  if (parameters?.tag !== 0x06) return 'unsupported';
  const curve = dotted(parameters.value);
  if (curve === sm2Curve) return { kind: 'sm2' };
  return strongCurves.has(curve) ? { kind: 'ec' } : 'weak';
}

const minRsaBits = 2048;
/** Beyond it one check takes seconds, which an attacker would like. */
const maxRsaBits = 8192;

function judgeRsa(key: Uint8Array): { kind: 'rsa' } | AlgorithmFault {
  const numbers = readAll(expectTlv([readTlv(key)], 0, 0x30).value);
  const modulus = toNumber(expectTlv(numbers, 0, 0x02).value);
  const exponent = toNumber(expectTlv(numbers, 1, 0x02).value);
  const bits = modulus.toString(2).length;
  if (bits < minRsaBits || modulus % 2n === 0n || exponent < 65_537n || exponent % 2n === 0n) return 'weak';
  return bits > maxRsaBits || exponent >= 1n << 64n ? 'unsupported' : { kind: 'rsa' };
}

function toNumber(octets: Uint8Array): bigint {
  if (octets.length === 0 || (octets[0] ?? 0) & 0x80) return 0n;
  return BigInt(`0x${Buffer.from(octets).toString('hex')}`);
}

/** The order of an ECDSA key's curve, by the DER of its SubjectPublicKeyInfo; undefined for curves that may not sign. */
export function curveOrder(keyInfo: Tlv): bigint | undefined {
  const parameters = readAll(expectTlv(readAll(keyInfo.value), 0, 0x30).value)[1];
  return orders.find(({ curve }) => parameters && equalBytes(parameters.raw, curve))?.order;
}

const orders = [
  {
    curve: oid('1.2.840.10045.3.1.7'),
    order: BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
  },
  {
    curve: oid('1.3.132.0.34'),
    order: BigInt(
      '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    ),
  },
  {
    curve: oid('1.3.132.0.35'),
    order: BigInt(
      '0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    ),
  },
] as const;
