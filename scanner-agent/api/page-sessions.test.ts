import Fastify from 'fastify';
import { expect, test, vi } from 'vitest';
import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import { guard } from './guard.ts';
import { createPageSessions } from './page-sessions.ts';
import { createRefusalLog } from './refusal-log.ts';
import { createServe } from './serve.ts';

test('a code works once, and a code with an age not after it', () => {
  let nowMs = 0;
  const pages = createPageSessions({ nowMs: () => nowMs });
  const code = pages.makeCode();
  const token = pages.exchange(code);
  expect(token).toBeDefined();
  expect(pages.exchange(code)).toBeUndefined();
  expect(pages.isToken(String(token))).toBe(true);
  expect(pages.isToken(code)).toBe(false);
  expect(pages.exchange(String(token))).toBeUndefined();

  const brief = pages.makeCode({ livesMs: 1000 });
  const lasting = pages.makeCode();
  nowMs = 1001;
  expect(pages.exchange(brief)).toBeUndefined();
  expect(pages.exchange(lasting)).toBeDefined();
});

test('keeps no more codes and sessions than a counter can use', () => {
  const pages = createPageSessions({ nowMs: () => 0 });
  const codes = Array.from({ length: 21 }, () => pages.makeCode());
  expect(codes.map((code) => pages.exchange(code) !== undefined)).toEqual([
    false,
    ...Array.from({ length: 20 }, () => true),
  ]);
});

const options = {
  hosts: () => ['127.0.0.1:1'],
  isPage: () => false,
  serverOrigins: () => [],
  onRefused: () => undefined,
};

test('a route that is in no contract fails the start', async () => {
  const app = Fastify();
  guard(app, options);
  createServe(app, () => undefined)(agentRoutes.cancelJob, () => ({}));
  await app.register(async (scope) => void scope.get('/unsaid', async () => ({ secret: true })));
  await expect(app.ready()).rejects.toThrow('GET /unsaid has no contract');
});

test('refusals are told once a minute, then as a number', () => {
  vi.useFakeTimers();
  const told: unknown[] = [];
  const log = createRefusalLog((message, context) => told.push({ message, ...context }));
  for (let n = 0; n < 10_000; n += 1)
    log.refused({ reason: 'origin', origin: `https://${'x'.repeat(9000)}/${n}` });
  log.refused({ reason: 'token', origin: '' });
  expect(told).toHaveLength(2);
  vi.advanceTimersByTime(60_000);
  expect(told).toHaveLength(3);
  expect(told[2]).toMatchObject({ reason: 'origin', count: 9_999 });
  expect(JSON.stringify(told).length).toBeLessThan(1000);
  log.refused({ reason: 'token', origin: '' });
  log.close();
  expect(told).toHaveLength(4);
  vi.useRealTimers();
});
