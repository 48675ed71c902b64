import { chinaTime } from '#domain/primitives.ts';

/** `2026-03-04 13:05`, in China whatever the phone is set to; empty where there is none. */
export const timeOf = (at: string | undefined): string => (at === undefined ? '' : chinaTime(at));
