/** What a station tells of itself, and what it is told to be: its health up, its settings down. */
import { z } from 'zod';
import { instantSchema, minuteOfChinaDay } from '../primitives.ts';
import { lineSchema } from '../text/written.ts';

const count = z.int().nonnegative();

const deviceHealthSchema = z.object({
  kind: z.string().max(40),
  name: z.string().max(120),
  state: z.enum(['ready', 'missing', 'fault']),
  /** Chinese: what is wrong and what to do; empty when ready. */
  advice: z.string().max(300),
});

/** Sent on /ctl after the welcome, every minute and on change. Lost ones do not matter: the next says it all again. */
export const stationHealthSchema = z.object({
  /** The station's clock as it sent this. */
  wall: instantSchema,
  queued: count,
  parked: count,
  /** Milliseconds, by the station's own clock; left out while nothing waits. */
  oldestAgeMs: count.optional(),
  appVersion: z.string().max(40),
  catalogueHash: z.string().max(128),
  modelPack: z.string().max(80).optional(),
  devices: z.array(deviceHealthSchema).max(50),
  /** Bytes of the disk with the station's store. */
  disk: z.object({ freeBytes: count, totalBytes: z.int().positive() }).optional(),
  /** `revision` of the settings it works by; 0 without any. */
  settingsRevision: count,
});
export type StationHealth = z.infer<typeof stationHealthSchema>;

/** `HH:MM`, China's time. */
const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

export const stationSettingsSchema = z.object({
  name: lineSchema(100),
  /** kbit/s for pages, shared by all of one station's uploads; left out: no limit. */
  bandwidthKbps: z.int().min(64).max(10_000_000).optional(),
  /** Each day from `from` to before `to`, over midnight where `to` is earlier: no large uploads. */
  quietHours: z
    .object({ from: timeOfDaySchema, to: timeOfDaySchema })
    .refine(({ from, to }) => from !== to, { path: ['to'] })
    .optional(),
});
export type StationSettings = z.infer<typeof stationSettingsSchema>;

/** As kept on both sides: numbered by the server, 1 first. */
export const numberedSettingsSchema = z.object({
  revision: z.int().positive(),
  settings: stationSettingsSchema,
});
export type NumberedSettings = z.infer<typeof numberedSettingsSchema>;

/** Whether large uploads rest at this moment (milliseconds since 1970). */
export function isQuiet(hours: StationSettings['quietHours'], atMs: number): boolean {
  if (!hours) return false;
  const minute = minuteOfChinaDay(atMs);
  const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)];
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
