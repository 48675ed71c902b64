/** The canonical period `from/to` (domain/fields/dates.ts) taken apart for two pickers and a box, and put together. */
import { longTerm } from '#domain/fields/dates.ts';

export interface PeriodParts {
  readonly from: string;
  readonly to: string;
  readonly isLongTerm: boolean;
}

export function partsOfPeriod(value: string): PeriodParts {
  const [from = '', to = ''] = value.includes('/') ? value.split('/') : ['', ''];
  return { from, to: to === longTerm ? '' : to, isLongTerm: to === longTerm };
}

/** Empty when nothing is chosen; half a period keeps its slash and so does not parse until it is whole. */
export function periodOfParts(parts: PeriodParts): string {
  const to = parts.isLongTerm ? longTerm : parts.to;
  return parts.from === '' && to === '' ? '' : `${parts.from}/${to}`;
}
