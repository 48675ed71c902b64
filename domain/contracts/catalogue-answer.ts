import { z } from 'zod';
import type { Catalogue } from '../catalogue/schema.ts';

const parts = ['programmes', 'documentTypes', 'workflows'] as const satisfies (keyof Catalogue)[];

/** Checked whole where it was loaded, by the process that serves it; a page makes sure that it received one. */
export const catalogueAnswer = z.custom<Catalogue>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'hash' in value &&
    typeof value.hash === 'string' &&
    parts.every((part) => Array.isArray(Reflect.get(value, part))),
);
