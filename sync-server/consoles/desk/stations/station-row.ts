import type { z } from 'zod';
import type { stationRowSchema } from '#domain/contracts/desk/fleet.ts';

export type StationRow = z.infer<typeof stationRowSchema>;
