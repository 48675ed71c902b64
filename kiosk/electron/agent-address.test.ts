import { expect, test } from 'vitest';
import { agentUrlFrom, splitAccess } from './agent-address.ts';

test('takes the address of an agent that another program started', () => {
  expect(agentUrlFrom(['electron', '.', '--agent-url=http://127.0.0.1:1/#token=a'])).toBe(
    'http://127.0.0.1:1/#token=a',
  );
  expect(agentUrlFrom(['electron', '.'])).toBeUndefined();
});

test('keeps the token out of the address that is loaded', () => {
  expect(splitAccess('http://127.0.0.1:4000/#token=a%2Fb')).toEqual({
    agentUrl: 'http://127.0.0.1:4000',
    token: 'a/b',
  });
});

test.each([
  'http://example.com/#token=a',
  'https://127.0.0.1/#token=a',
  'file:///x#token=a',
  'http://127.0.0.1:1/',
])('refuses %s', (url) => expect(() => splitAccess(url)).toThrow(RangeError));
