/** Rows of the national platform, as the server has asked for them. */
import { marketRowsSince } from '#domain/sync/market-rows.ts';
import type { MarketLine } from '../ports/link.ts';
import { createSubjectLine } from './subject-line.ts';
import type { WhereSeen } from './subject-line.ts';

export function createMarketLine(whereSeen: WhereSeen): MarketLine {
  const within = createSubjectLine(whereSeen, {
    since: marketRowsSince,
    codes: {
      'no-line': 'SYNCHRONISE_NO_LINE',
      'needs-key': 'SYNCHRONISE_NEEDS_KEY',
      'not-supported': 'VERSION_UNSUPPORTED',
    },
  });
  return {
    rows: (asked) => within((session, audience) => session.marketRows({ ...asked, audience })),
    remove: (row) => within((session, audience) => session.removeRow({ ...row, audience })),
  };
}
