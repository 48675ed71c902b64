import { beforeEach, expect, test } from 'vitest';
import { readAccess } from './access.ts';

beforeEach(() => {
  sessionStorage.clear();
  Reflect.deleteProperty(window, 'ludeng');
  window.location.hash = '';
});

test('takes the token out of the address and keeps it for a reload', () => {
  window.location.hash = '#token=secret%2F1';
  expect(readAccess(window)).toMatchObject({ token: 'secret/1', isFresh: true });
  expect(window.location.hash).not.toContain('secret');
  expect(readAccess(window)).toMatchObject({ token: 'secret/1', isFresh: false });
});

test('takes both values from the preload where there is one', () => {
  Object.assign(window, { ludeng: { agentUrl: 'http://127.0.0.1:9', token: 't' } });
  expect(readAccess(window)).toEqual({ agentUrl: 'http://127.0.0.1:9', token: 't', isFresh: true });
});

test('has no token without either', () => {
  expect(readAccess(window).token).toBe('');
});
