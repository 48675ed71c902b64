/** The list that `scanimage -A` prints, option by option, as its source writes it (print_option). Pure. */

export interface SaneOption {
  /** Without its dashes: `source`, `x`. */
  name: string;
  isSwitch: boolean;
  /** Words or numbers to choose from, as they must be given; empty for a range or a free value. */
  words: string[];
  range: { from: number; to: number; step: number | undefined } | undefined;
  /** pel, bit, mm, dpi, %, us; empty where the device names none. */
  unit: string;
  /** What it is set to; undefined where it is inactive, a button or says nothing. */
  current: string | undefined;
  /** It can be set now. An inactive one may become active with another source. */
  isActive: boolean;
}

const units = ['pel', 'bit', 'mm', 'dpi', '%', 'us'] as const;
const number = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const rangeLine = new RegExp(
  `^(${number})\\.\\.(${number})(pel|bit|mm|dpi|%|us)?(?:,\\.\\.\\.)?(?: \\(in steps of (${number})\\))?$`,
);

export function parseOptionList(text: string): Map<string, SaneOption> {
  const options = new Map<string, SaneOption>();
  for (const line of text.split(/\r?\n/)) {
    const found = /^ +--?([a-z][a-z0-9_-]*)(.*)$/i.exec(line);
    const [, name, rest = ''] = found ?? [];
    // Descriptions stand deeper and are told by having no option's shape.
    if (name === undefined || !/^(\[=|[ =]|$)/.test(rest)) continue;
    if (!options.has(name)) options.set(name, parseOption(name, rest));
  }
  return options;
}

function parseOption(name: string, rest: string): SaneOption {
  const choice = /^\[=\(([^)]*)\)\]/.exec(rest);
  const { before, groups } = trailingGroups(
    choice ? rest.slice(choice[0].length) : rest.replace(/^[ =]/, ''),
  );
  const marks = new Set(
    groups.filter((group) => /^(inactive|advanced|hardware|read-only|emulated)$/.test(group)),
  );
  const current = groups.find((group) => !marks.has(group));
  const isActive = !marks.has('inactive') && !marks.has('hardware') && !marks.has('read-only');
  const constraint = (choice?.[1] ?? before).trim().replace(/,\.\.\.$/, '');
  const range = rangeLine.exec(constraint.replace(/^auto\|/, ''));
  const common = { name, isSwitch: choice !== null, current, isActive };
  if (range) {
    const [, from, to, unit = '', step] = range;
    const steps = step === undefined ? undefined : Number(step);
    return { ...common, words: [], range: { from: Number(from), to: Number(to), step: steps }, unit };
  }
  const words = constraint.split('|').map((word) => word.trim());
  const last = words.at(-1) ?? '';
  const unit = units.find((one) => last.endsWith(one) && isNumber(last.slice(0, -one.length))) ?? '';
  if (unit !== '') words[words.length - 1] = last.slice(0, -unit.length);
  // `<int>` and its like say that anything goes; an empty word is a value that the device cannot name.
  return {
    ...common,
    words: words.filter((word) => word !== '' && !/^<.*>$/.test(word)),
    range: undefined,
    unit,
  };
}

/** The groups in brackets at the end, each behind a blank: a word may hold brackets of its own (`Color[Fast]`). */
function trailingGroups(text: string): { before: string; groups: string[] } {
  const groups: string[] = [];
  let rest = text.trimEnd();
  while (rest.endsWith(']')) {
    const start = openingOf(rest);
    if (start === undefined || (start > 0 && rest[start - 1] !== ' ')) break;
    groups.unshift(rest.slice(start + 1, -1));
    rest = rest.slice(0, start).trimEnd();
  }
  return { before: rest, groups };
}

/** Where the bracket opens that closes at the end. */
function openingOf(text: string): number | undefined {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    if (text[at] === ']') depth += 1;
    if (text[at] === '[') depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

export function isNumber(word: string): boolean {
  return new RegExp(`^${number}$`).test(word);
}
