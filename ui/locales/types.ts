export type { Weight } from '#domain/catalogue/schema.ts';
