const cjk = '\\p{Script=Han}〇○（）()《》“”，。、；：';
const aroundCjk = new RegExp(`(?<=[${cjk}])\\s+|\\s+(?=[${cjk}])`, 'gu');

/** One space between Latin words, none beside Chinese characters. */
export function collapseSpaces(text: string): string {
  return text
    .replace(/[\s\u3000\u200b\ufeff]+/gu, ' ')
    .trim()
    .replace(aroundCjk, '');
}
