export type { LightColour } from '#domain/verdict/schema.ts';
export type { Weight } from '#domain/catalogue/schema.ts';
