import { expect, test } from 'vitest';
import { mayUse } from './guards.ts';

const page = 'http://127.0.0.1:4000';
const asked = { permission: 'media', origin: page, pageOrigin: page, types: ['video'] };

test('the page may use the camera', () => expect(mayUse(asked)).toBe(true));
test.each([
  ['sound', { types: ['video', 'audio'] }],
  ['nothing named', { types: [] }],
  ['another origin', { origin: 'http://127.0.0.1:4001' }],
  ['an address that is none', { origin: undefined, pageOrigin: undefined }],
  ['the clipboard', { permission: 'clipboard-read' }],
  ['a place on earth', { permission: 'geolocation' }],
  ['USB', { permission: 'usb' }],
] as const)('is refused: %s', (_, change) => {
  expect(mayUse({ ...asked, ...change })).toBe(false);
});
