import type { LightColour } from './schema.ts';

/** What people read beside a colour, which never stands alone. */
export const lightNames = { green: '绿灯', yellow: '黄灯', red: '红灯' } as const satisfies Record<
  LightColour,
  string
>;
