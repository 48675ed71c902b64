import { describe, expect, it } from 'vitest';
import {
  chinaDay,
  chinaTime,
  chinaTimeWithSeconds,
  chinaYear,
  dayMs,
  minuteOfChinaDay,
} from './primitives.ts';

describe("China's day", () => {
  it.each([
    ['2026-12-31T15:59:59.999Z', '2026-12-31', 2026, '2026-12-31 23:59:59'],
    ['2026-12-31T16:00:00Z', '2027-01-01', 2027, '2027-01-01 00:00:00'],
    ['2027-01-01T07:59:59+08:00', '2027-01-01', 2027, '2027-01-01 07:59:59'],
    ['2028-02-29T17:00:00.000Z', '2028-03-01', 2028, '2028-03-01 01:00:00'],
    ['1969-12-31T17:00:00Z', '1970-01-01', 1970, '1970-01-01 01:00:00'],
  ])('of %s is %s', (instant, day, year, time) => {
    expect([chinaDay(instant), chinaYear(instant), chinaTimeWithSeconds(instant)]).toEqual([day, year, time]);
    expect(chinaDay(Date.parse(instant))).toBe(day);
    expect(chinaTime(instant)).toBe(time.slice(0, 16));
  });

  it('says what the calendar of Asia/Shanghai says, on every day of twenty years', () => {
    const calendar = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });
    for (let at = Date.UTC(2020, 0, 1, 15, 59, 59); at < Date.UTC(2040, 0, 1); at += dayMs)
      for (const ms of [at, at + 1_000]) expect(chinaDay(ms)).toBe(calendar.format(ms));
  });

  it.each([
    ['2026-03-01T00:00:00+08:00', 0],
    ['2026-03-01T07:59:00+08:00', 479],
    ['2026-03-01T23:59:59+08:00', 1439],
  ])('%s is minute %i of its day', (instant, minute) => {
    expect(minuteOfChinaDay(Date.parse(instant))).toBe(minute);
  });

  it('refuses what is no instant', () => {
    expect(() => chinaDay('gestern')).toThrow(RangeError);
    expect(() => chinaYear(Number.NaN)).toThrow(RangeError);
  });
});
