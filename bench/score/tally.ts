/** Adds page scores up under headings and turns them into rates. Pure. */
import type { PageScore } from './match-lines.ts';

/** Fields whose value is a code: one wrong character makes it worthless. */
const codeFields = new Set(['creditCode', 'idNumber', 'certificateNumber']);

/** Shares are 0..1; undefined where nothing of the kind was seen. */
export interface Rates {
  pages: number;
  chars: number;
  cer: number | undefined;
  /** Over lines that a seal overlaps. */
  cerUnderSeals: number | undefined;
  linesExact: number | undefined;
  codesExact: number | undefined;
  /** Part of `cer` that was read where nothing stands. */
  extra: number | undefined;
}

interface Counts {
  pages: number;
  chars: number;
  errors: number;
  sealChars: number;
  sealErrors: number;
  lines: number;
  exact: number;
  codes: number;
  codesExact: number;
  extra: number;
}

export function createTally(): {
  add: (headings: readonly string[], page: PageScore) => void;
  rates: () => Record<string, Rates>;
} {
  const counts = new Map<string, Counts>();
  return {
    add: (headings, page) => {
      for (const heading of headings) {
        const count = counts.get(heading) ?? none();
        counts.set(heading, count);
        addPage(count, page);
      }
    },
    rates: () => Object.fromEntries([...counts].map(([heading, count]) => [heading, ratesOf(count)])),
  };
}

function addPage(count: Counts, { lines, extraChars }: PageScore): void {
  count.pages += 1;
  count.extra += extraChars;
  count.errors += extraChars;
  for (const { line, chars, errors } of lines) {
    count.chars += chars;
    count.errors += errors;
    count.lines += 1;
    count.exact += errors === 0 ? 1 : 0;
    if (line.underSeal) {
      count.sealChars += chars;
      count.sealErrors += errors;
    }
    if (line.field !== null && codeFields.has(line.field)) {
      count.codes += 1;
      count.codesExact += errors === 0 ? 1 : 0;
    }
  }
}

const none = (): Counts => ({
  pages: 0,
  chars: 0,
  errors: 0,
  sealChars: 0,
  sealErrors: 0,
  lines: 0,
  exact: 0,
  codes: 0,
  codesExact: 0,
  extra: 0,
});

function ratesOf(count: Counts): Rates {
  const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);
  return {
    pages: count.pages,
    chars: count.chars,
    cer: share(count.errors, count.chars),
    cerUnderSeals: share(count.sealErrors, count.sealChars),
    linesExact: share(count.exact, count.lines),
    codesExact: share(count.codesExact, count.codes),
    extra: share(count.extra, count.chars),
  };
}
