/** Instants as people read them: China's time wherever the machine stands. */
import { chinaDay, chinaTimeWithSeconds } from '#domain/primitives.ts';

/** ISO UTC to local time, `2026-11-21 08:30:00`; '—' when there is none. */
export const formatInstant = (iso: string | undefined): string =>
  iso === undefined ? '—' : chinaTimeWithSeconds(iso);

/** ISO UTC to the local day, `2026-11-21`. */
export const formatDay = (iso: string | undefined): string => (iso === undefined ? '—' : chinaDay(iso));
