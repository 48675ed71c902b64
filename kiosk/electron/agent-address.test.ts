import { expect, test } from 'vitest';
import { readsAddress, splitAccess } from './agent-address.ts';

test('reads the address of an agent that another program started, and takes none from the command line', () => {
  expect(readsAddress(['electron', '.', '--agent-on-stdin'])).toBe(true);
  expect(readsAddress(['electron', '.', '--agent-url=http://127.0.0.1:1/#code=a'])).toBe(false);
});

test('keeps the code out of the address that is loaded', () => {
  expect(splitAccess('http://127.0.0.1:4000/#code=a%2Fb')).toEqual({
    agentUrl: 'http://127.0.0.1:4000',
    code: 'a/b',
  });
});

test.each([
  'http://example.com/#code=a',
  'https://127.0.0.1/#code=a',
  'file:///x#code=a',
  'http://127.0.0.1:1/',
])('refuses %s', (url) => expect(() => splitAccess(url)).toThrow(RangeError));
