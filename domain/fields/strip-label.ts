/** Cutting a stray label off the front of a value. */
import { foldWidth, trimPunctuation } from '../text/normalise.ts';
import type { Field } from '../catalogue/field.ts';

/** Removes one of the field's labels from the front, if it stands there (spaces inside it ignored). */
export function stripLabel(text: string, field: Field): string {
  const kept = text.trim();
  // Folding keeps every place, so what is cut in the folded text can be cut in the text itself.
  const folded = foldWidth(kept);
  const labels = [...(field.find?.labels ?? []), field.label].sort((a, b) => b.length - a.length);
  for (const label of labels) {
    const end = endOfPrefix(folded, label);
    if (end === undefined) continue;
    const rest = folded.slice(end);
    // A label of two characters may be the beginning of the value itself; then only a colon or a gap proves it.
    if ([...label].length < 3 && !/^\s*[:;]|^\s{2,}/u.test(rest)) continue;
    if (trimPunctuation(rest) !== '') return kept.slice(end).replace(/^[\s:：;；.,，。|]+/u, '');
  }
  return kept.replace(/^[\s:：;；|]+/u, '');
}

function endOfPrefix(text: string, label: string): number | undefined {
  const wanted = [...foldWidth(label).replace(/\s/gu, '')];
  let at = 0;
  for (const char of wanted) {
    while (/\s/u.test(text.charAt(at))) at += 1;
    if (text.charAt(at) !== char) return undefined;
    at += char.length;
  }
  return at;
}
