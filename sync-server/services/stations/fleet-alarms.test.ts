import { describe, expect, it } from 'vitest';
import type { StationHealth } from '#domain/sync/fleet.ts';
import { isQuiet } from '#domain/sync/fleet.ts';
import { alarmsOf } from './fleet-alarms.ts';
import type { Watched } from './fleet-alarms.ts';

const at = '2026-03-01T08:00:00.000Z';
const now = Date.parse(at);
const before = (ms: number): string => new Date(now - ms).toISOString();
const minute = 60_000;
const day = 86_400_000;

function watched(health: Partial<StationHealth> = {}, change: Partial<Watched> = {}, offsetMs = 0): Watched {
  const lastSeenAt = change.lastSeenAt ?? at;
  return {
    state: 'active',
    online: true,
    pending: 0,
    lastSeenAt,
    report: {
      reportedAt: lastSeenAt,
      clockOffsetMs: offsetMs,
      health: {
        wall: lastSeenAt,
        queued: 0,
        parked: 0,
        appVersion: '1.0.0',
        catalogueHash: 'c',
        devices: [],
        settingsRevision: 0,
        ...health,
      },
    },
    ...change,
  };
}
const codes = (station: Watched): string[] => alarmsOf(station, now).map(({ code }) => code);

describe('alarms of a station', () => {
  it('has none while all is well, and a clock, a disk and an age just within bounds are well', () => {
    const fine = watched({ oldestAgeMs: day, disk: { freeBytes: 5, totalBytes: 100 } }, {}, 2 * minute);
    expect(codes(fine)).toEqual([]);
  });

  it.each([
    ['offline for over five minutes with something to send', 5 * minute + 1, 3, ['offline-with-queue']],
    ['offline for over five minutes with nothing to send', 5 * minute + 1, 0, []],
    ['offline for five minutes', 5 * minute, 3, []],
  ])('%s', (_what, silentMs, queued, expected) => {
    expect(codes(watched({ queued }, { online: false, lastSeenAt: before(silentMs) }))).toEqual(expected);
  });

  it('is red for each kind of what the audit found, worst first, also where the station never told its health', () => {
    const found: Watched = {
      ...{ state: 'active', online: true, pending: 0 },
      findings: { 'item-different': 1, 'item-lost': 3 },
    };
    expect(alarmsOf(found, now)).toEqual([
      { code: 'item-lost', level: 'red', amount: 3 },
      { code: 'item-different', level: 'red', amount: 1 },
    ]);
    expect(alarmsOf({ ...found, state: 'revoked' }, now)).toEqual([]);
  });

  it('counts the last hello where a station never told its health', () => {
    const old: Watched = { state: 'active', online: false, pending: 2, lastSeenAt: before(10 * minute) };
    expect(alarmsOf(old, now)).toEqual([{ code: 'offline-with-queue', level: 'red', amount: 2 }]);
  });

  it('lets what waits at a silent station grow older', () => {
    const health = { queued: 1, oldestAgeMs: day - 10 * minute };
    expect(codes(watched(health))).toEqual([]);
    const away = watched(health, { online: false, lastSeenAt: before(11 * minute) });
    expect(codes(away)).toEqual(['offline-with-queue', 'old-item']);
  });

  it('says percent, days, seconds and names', () => {
    const bad = watched(
      {
        oldestAgeMs: 2.5 * day,
        parked: 1,
        disk: { freeBytes: 499, totalBytes: 10_000 },
        devices: [
          { kind: 'scanner', name: '扫描仪甲', state: 'fault', advice: '请检查' },
          { kind: 'card-reader', name: '读卡器', state: 'missing', advice: '' },
        ],
      },
      {},
      -121_000,
    );
    expect(alarmsOf(bad, now)).toEqual([
      { code: 'parked', level: 'red', amount: 1 },
      { code: 'old-item', level: 'red', amount: 2 },
      { code: 'disk-short', level: 'red', amount: 4.9 },
      { code: 'device-fault', level: 'yellow', names: ['扫描仪甲'] },
      { code: 'clock-off', level: 'yellow', amount: -121 },
    ]);
  });

  it('says quarantine first and nothing of a revoked station', () => {
    expect(codes(watched({ parked: 1 }, { state: 'quarantined' }))).toEqual(['quarantined', 'parked']);
    expect(codes(watched({ parked: 1 }, { state: 'revoked' }))).toEqual([]);
  });
});

describe('quiet hours', () => {
  const chinaTime = (time: string): number => Date.parse(`2026-03-01T${time}:00+08:00`);

  it.each([
    ['08:00', '17:30', '08:00', true],
    ['08:00', '17:30', '17:30', false],
    ['08:00', '17:30', '07:59', false],
    ['22:00', '06:00', '23:00', true],
    ['22:00', '06:00', '05:59', true],
    ['22:00', '06:00', '12:00', false],
  ])('from %s to %s at %s: %s', (from, to, time, expected) => {
    expect(isQuiet({ from, to }, chinaTime(time))).toBe(expected);
  });
});
