import chineseDays from 'chinese-days';
import { expect, it } from 'vitest';
import { loadWorkingCalendar } from '#config/load-table.ts';
import { dayMs } from '../primitives.ts';
import { deadlineOf, workingCalendarSchema, workingDay } from './working-days.ts';

const calendar = loadWorkingCalendar();

it('has for every day of its years what the package of public holidays has', () => {
  for (const year of Object.keys(calendar.years))
    for (
      let at = Date.parse(`${year}-01-01T00:00:00Z`);
      at <= Date.parse(`${year}-12-31T00:00:00Z`);
      at += dayMs
    ) {
      const day = new Date(at).toISOString().slice(0, 10);
      expect({ day, isWorked: workingDay(calendar, day).isWorked }).toEqual({
        day,
        isWorked: chineseDays.isWorkday(day),
      });
    }
});

const at = (day: string, time = '10:00') => new Date(`${day}T${time}:00+08:00`).toISOString();

it('leaves out weekends and holidays, and counts a weekend that is worked', () => {
  // 1 to 7 October are off, 10 October is a Saturday that is worked
  const due = deadlineOf(calendar, { since: at('2026-09-30'), days: 3, now: at('2026-09-30') });
  expect(due).toEqual({ day: '2026-10-10', daysLeft: 3, isProvisional: false });
});

it('says how many working days are left, and by how many it is late', () => {
  const left = (now: string) => deadlineOf(calendar, { since: at('2026-11-27'), days: 2, now }).daysLeft;
  expect(left(at('2026-11-27'))).toBe(2);
  expect(left(at('2026-11-29'))).toBe(2);
  expect(left(at('2026-12-01'))).toBe(0);
  expect(left(at('2026-12-01', '23:59'))).toBe(0);
  expect(left(at('2026-12-02', '00:01'))).toBe(-1);
  expect(left(at('2026-12-06'))).toBe(-3);
});

it('begins on the day in China, not in UTC', () => {
  const due = deadlineOf(calendar, { since: '2026-11-29T16:30:00.000Z', days: 1, now: at('2026-11-30') });
  expect(due.day).toBe('2026-12-01');
});

it('is provisional where the calendar lacks the year', () => {
  const due = deadlineOf({ years: {} }, { since: at('2026-10-01'), days: 1, now: at('2026-10-01') });
  expect(due).toEqual({ day: '2026-10-02', daysLeft: 1, isProvisional: true });
});

it.each([
  ['the first day comes before the last', { off: [['2026-05-05', '2026-05-01']], work: [] }],
  ['each day belongs to the year that it stands under', { off: [], work: ['2025-05-09'] }],
])('refuses a calendar: %s', (message, year) => {
  expect(workingCalendarSchema.safeParse({ years: { 2026: year } }).error?.issues[0]?.message).toBe(message);
});
