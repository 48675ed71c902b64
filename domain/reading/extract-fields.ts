import type { Certificate } from '../catalogue/schema.ts';
import type { FieldReadings, Line } from './schema.ts';

export interface ReadPage {
  lines: Line[];
  widthPx: number;
  heightPx: number;
}
export function extractFields(_certificate: Certificate, _pages: readonly ReadPage[]): FieldReadings {
  return {};
}
