import { normaliseText } from '../text/normalise.ts';

/**
 * Whether two writings name the same holder: widths, brackets, dots, spaces and the case of letters do not matter, every other
 * character does. Nobody is nameless.
 */
export function isSameHolder(left: string, right: string): boolean {
  const [one, other] = [left, right].map((name) => normaliseText(name).toUpperCase());
  return one !== '' && one === other;
}
