/** 工作日: which days in China are worked, and until when a step should be decided. Pure; the calendar is data of config/calendars. */
import { z } from 'zod';
import { chinaDay, dayMs } from '../primitives.ts';

const day = z.iso.date();
const period = z
  .tuple([day, day])
  .refine(([first, last]) => first <= last, { error: 'the first day comes before the last' });

const yearSchema = z.strictObject({
  /** 放假: first and last day of each holiday. */
  off: z.array(period).max(50),
  /** 调休上班: weekends that are worked. */
  work: z.array(day).max(50),
});

export const workingCalendarSchema = z.strictObject({
  years: z
    .record(z.string().regex(/^\d{4}$/), yearSchema)
    .refine(
      (years) =>
        Object.entries(years).every(([year, { off, work }]) =>
          [...off.flat(), ...work].every((one) => one.startsWith(`${year}-`)),
        ),
      { error: 'each day belongs to the year that it stands under' },
    ),
});
export type WorkingCalendar = z.infer<typeof workingCalendarSchema>;

/** `day` as YYYY-MM-DD. `isKnown` is false where the calendar lacks that year, and only weekends are off. */
export function workingDay({ years }: WorkingCalendar, day: string): { isWorked: boolean; isKnown: boolean } {
  const year = years[day.slice(0, 4)];
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  if (!year) return { isWorked: !isWeekend, isKnown: false };
  if (year.work.includes(day)) return { isWorked: true, isKnown: true };
  const isOff = year.off.some(([first, last]) => first <= day && day <= last);
  return { isWorked: !isWeekend && !isOff, isKnown: true };
}

export const deadlineSchema = z.object({
  /** The last day on which it is in time, YYYY-MM-DD in China. */
  day,
  /** Working days that are left after today, 0 on the day itself; below 0: late by so many working days. */
  daysLeft: z.int(),
  /** The calendar lacks a year that was counted: its holidays may move the day. */
  isProvisional: z.boolean(),
});
export type Deadline = z.infer<typeof deadlineSchema>;

/**
 * Until when what began at `since` should be done: `days` working days after that day, which itself does not count.
 * `since` and `now` are instants.
 */
export function deadlineOf(
  calendar: WorkingCalendar,
  { since, days, now }: { since: string; days: number; now: string },
): Deadline {
  let last = chinaDay(since);
  let counted = 0;
  let isProvisional = false;
  while (counted < days) {
    last = dayAfter(last);
    const { isWorked, isKnown } = workingDay(calendar, last);
    if (isWorked) counted++;
    if (!isKnown) isProvisional = true;
  }
  const today = chinaDay(now);
  const daysLeft =
    today <= last ? workedBetween(calendar, today, last) : -workedBetween(calendar, last, today);
  return { day: last, daysLeft, isProvisional };
}

/** Working days after `from`, up to and with `to`. */
function workedBetween(calendar: WorkingCalendar, from: string, to: string): number {
  let worked = 0;
  for (let day = dayAfter(from); day <= to; day = dayAfter(day))
    if (workingDay(calendar, day).isWorked) worked++;
  return worked;
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
