import { describe, expect, it } from 'vitest';
import { commonName, country, makeOdd, nameOf, organisation } from '#tests/support/odd-certificates.ts';
import type { NamePart } from '#tests/support/odd-certificates.ts';
import { describeCertificate } from './certificate.ts';

// 昆明滇池建筑工程有限公司 in GBK
const gbkName = Buffer.from('c0a5c3f7b5e1b3d8bda8d6feb9a4b3ccd3d0cfdeb9abcbbe', 'hex');
const name = '昆明滇池建筑工程有限公司';
const describeName = (...parts: NamePart[]): ReturnType<typeof describeCertificate> =>
  describeCertificate(makeOdd({ name: nameOf(country, ...parts) }).der);
const utf32 = Buffer.concat(
  [...name].map((character) => {
    const unit = Buffer.alloc(4);
    unit.writeUInt32BE(character.codePointAt(0) ?? 0);
    return unit;
  }),
);

describe('the name in a certificate', () => {
  it.each([
    ['UTF8String', 0x0c, Buffer.from(name)],
    ['UTF-8 in a PrintableString', 0x13, Buffer.from(name)],
    ['UTF-8 in a TeletexString', 0x14, Buffer.from(name)],
    ['UTF-8 in an IA5String', 0x16, Buffer.from(name)],
    ['GBK in a TeletexString', 0x14, gbkName],
    ['GBK in a PrintableString', 0x13, gbkName],
    ['GBK in a UTF8String', 0x0c, gbkName],
    ['BMPString', 0x1e, Buffer.from(name, 'utf16le').swap16()],
    ['UniversalString', 0x1c, utf32],
    ['with a NUL behind it', 0x0c, Buffer.from(`${name}\0`)],
  ])('is read as meant: %s', (_, tag, bytes) => {
    expect(describeName(organisation(bytes, tag)).holderName).toBe(name);
  });

  it('is Latin-1 where no Chinese is meant', () => {
    expect(describeName(organisation(Buffer.from('M\xfcller GmbH', 'latin1'), 0x14)).holderName).toBe(
      'Müller GmbH',
    );
  });

  it('of the issuer is read the same way', () => {
    const issuer = makeOdd({ name: nameOf(country, commonName(gbkName, 0x14)) });
    expect(describeCertificate(makeOdd({ name: nameOf(country), issuer }).der).issuerName).toBe(name);
  });
});

describe('the credit code in a certificate', () => {
  const code = '91530100MA6K1234X5';
  it('may stand twice, but not with two values', () => {
    const [serial, identifier] = ['2.5.4.5', '2.5.4.97'];
    expect(
      describeName(organisation(name), [serial, 0x13, code], [identifier, 0x0c, `NTRCN-${code}`]).creditCode,
    ).toBe(code);
    const other = '91530100MA6K1234X6';
    expect(
      describeName(organisation(name), [serial, 0x13, code], [identifier, 0x0c, other]).creditCode,
    ).toBeUndefined();
    expect(
      describeName(organisation(name), [serial, 0x13, code], [serial, 0x13, other]).creditCode,
    ).toBeUndefined();
  });
});
