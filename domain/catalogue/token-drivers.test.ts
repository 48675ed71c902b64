import { describe, expect, it } from 'vitest';
import { signingTokensFileSchema } from './token-drivers.ts';

const driver = {
  id: 'some-key',
  name: '某UKey',
  api: 'pkcs11',
  testedOn: 'nothing',
  libraries: [{ platform: 'linux', arch: 'x64', path: '/usr/lib/some.so' }],
};
const file = { drivers: [driver], sealFonts: ['/fonts/song.ttf'] };

describe('the table of signing tokens', () => {
  it('fills in what is usual', () => {
    expect(signingTokensFileSchema.parse(file).drivers[0]).toMatchObject({
      simulated: false,
      environment: {},
      pin: { minLength: 6, maxLength: 16 },
    });
  });

  it.each([
    ['a key nobody knows', { ...file, drivers: [{ ...driver, retries: 3 }] }],
    ['one id twice', { ...file, drivers: [driver, driver] }],
    ['no font', { ...file, sealFonts: [] }],
    [
      'a colon in the id, which separates driver and serial number',
      { ...file, drivers: [{ ...driver, id: 'a:b' }] },
    ],
  ])('refuses %s', (_, broken) => {
    expect(signingTokensFileSchema.safeParse(broken).success).toBe(false);
  });
});
