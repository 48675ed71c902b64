import { describe, expect, it } from 'vitest';
import { DerError, ecdsaRawToDer, integer, oid, readAll, readTlv, sequence, setOf } from './der.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('DER', () => {
  it('writes integers in the shortest form that stays positive', () => {
    expect(hex(integer(Uint8Array.of(0, 0, 0x7f)))).toBe('02017f');
    expect(hex(integer(Uint8Array.of(0x80)))).toBe('02020080');
    expect(hex(integer(new Uint8Array()))).toBe('020100');
  });

  it('writes object identifiers', () => {
    expect(hex(oid('1.2.840.113549.1.9.4'))).toBe('06092a864886f70d010904');
    expect(hex(oid('2.16.840.1.101.3.4.2.1'))).toBe('0609608648016503040201');
  });

  it('orders the elements of a SET by their encodings', () => {
    expect(hex(setOf([integer(Uint8Array.of(2)), integer(Uint8Array.of(1))]))).toBe('3106020101020102');
  });

  it('turns r and s of a token into SEQUENCE{r, s}', () => {
    expect(hex(ecdsaRawToDer(Uint8Array.of(0, 1, 0x80, 0)))).toBe('30080201010203008000');
    expect(() => ecdsaRawToDer(new Uint8Array(3))).toThrow(DerError);
  });

  it('reads long lengths and refuses lengths that are not the shortest', () => {
    const long = sequence(new Uint8Array(200));
    expect(readTlv(long).value).toHaveLength(200);
    expect(() => readTlv(Uint8Array.of(0x30, 0x81, 0x01, 0))).toThrow(DerError);
    expect(() => readTlv(Uint8Array.of(0x30, 0x80, 0, 0))).toThrow(DerError);
    expect(() => readTlv(Uint8Array.of(0x30, 0x05, 0))).toThrow(DerError);
    expect(() => readAll(Uint8Array.of(0x02, 0x01, 0x01, 0x02))).toThrow(DerError);
  });
});
