import { expect, test } from 'vitest';
import { isForbiddenKey, mayUse } from './guards.ts';

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

const plain = { control: false, meta: false, alt: false };
test.each([
  ['Alt+F4', { key: 'F4', alt: true }],
  ['F5', { key: 'F5' }],
  ['F11', { key: 'F11' }],
  ['F12', { key: 'F12' }],
  ['Ctrl+F5', { key: 'F5', control: true }],
  ['Ctrl+W', { key: 'w', control: true }],
  ['Ctrl+Shift+W', { key: 'W', control: true }],
  ['Ctrl+F4', { key: 'F4', control: true }],
  ['Ctrl+Q', { key: 'q', control: true }],
  ['Ctrl+R', { key: 'r', control: true }],
  ['Ctrl+N', { key: 'n', control: true }],
  ['Ctrl+T', { key: 't', control: true }],
  ['Ctrl+P', { key: 'p', control: true }],
  ['Ctrl+S', { key: 's', control: true }],
  ['Ctrl+O', { key: 'o', control: true }],
  ['Ctrl+U', { key: 'u', control: true }],
  ['Ctrl+Shift+I', { key: 'I', control: true }],
  ['Ctrl+Shift+J', { key: 'J', control: true }],
  ['Ctrl++', { key: '+', control: true }],
  ['Ctrl+=', { key: '=', control: true }],
  ['Ctrl+-', { key: '-', control: true }],
  ['Ctrl+0', { key: '0', control: true }],
  ['Cmd+Q', { key: 'q', meta: true }],
  ['Alt+Left', { key: 'ArrowLeft', alt: true }],
  ['the back key', { key: 'BrowserBack' }],
])('%s does nothing at the counter', (_, pressed) => {
  expect(isForbiddenKey({ ...plain, ...pressed })).toBe(true);
});
test.each([
  ['a letter', { key: 'w' }],
  ['Ctrl+V', { key: 'v', control: true }],
  ['Ctrl+A', { key: 'a', control: true }],
  ['Ctrl itself', { key: 'Control', control: true }],
  ['Ctrl+Left', { key: 'ArrowLeft', control: true }],
  ['AltGr+E, which Windows gives as both', { key: '€', control: true, alt: true }],
  ['Tab', { key: 'Tab' }],
  ['Escape', { key: 'Escape' }],
])('%s is for typing', (_, pressed) => {
  expect(isForbiddenKey({ ...plain, ...pressed })).toBe(false);
});
