import type { z } from 'zod';
import type { stationRowSchema } from '#domain/contracts/console-server.ts';

export type StationRow = z.infer<typeof stationRowSchema>;
