/** Names of files as bytes: what Windows wrote in GBK is no UTF-8, and is a file nevertheless. Pure. */

/** Kinds of which the station opens some, and says of the others that it cannot. */
const documentEnds = new Set(
  (
    'jpg jpeg jpe jfif png tif tiff pdf ' +
    'heic heif avif webp bmp gif jp2 djvu svg raw dng psd ofd ceb caj xps doc docx wps xls xlsx et ppt pptx odt rtf zip rar 7z'
  ).split(' '),
);
/** What programs leave beside documents while they work, and what systems put into every folder. */
const passing = [
  /^\./,
  /^~\$/,
  /^~.*\.tmp$/i,
  /^(thumbs\.db|ehthumbs\.db|desktop\.ini)$/i,
  /\.(part|partial|filepart|tmp|temp|crdownload|download|opdownload|aria2|td|!ut|bak|swp|lock|lck)$/i,
  /[~#]$/,
];

export type NameKind = 'document' | 'unnamed' | 'other';

/** `unnamed`: nothing tells what it is, so its first bytes must. `other` is left alone. */
export function kindOfName(shown: string): NameKind {
  if (passing.some((pattern) => pattern.test(shown))) return 'other';
  const end = /\.([^.\s]{1,10})$/.exec(shown)?.[1]?.toLowerCase();
  if (end === undefined || /^\d+$/.test(end)) return 'unnamed';
  return documentEnds.has(end) ? 'document' : 'other';
}

const strict = new TextDecoder('utf-8', { fatal: true });
const chinese = new TextDecoder('gb18030', { fatal: true });

/** For people: UTF-8, else GB 18030, else byte by byte; with nothing in it that moves or hides text. */
export function showName(name: Uint8Array): string {
  return decode(name).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

function decode(name: Uint8Array): string {
  const [utf8, gb] = [strict, chinese].map((decoder) => {
    try {
      return decoder.decode(name);
    } catch {
      return undefined;
    }
  });
  if (utf8 === undefined) return gb ?? Buffer.from(name).toString('latin1');
  // Two hanzi in GBK may be two letters of the far scripts in UTF-8, which stand in no name here: 营业 is Ӫҵ.
  const isFar = /[\u0250-\u07ff]/.test(utf8) && !/[\u0800-\uffff]/.test(utf8);
  return isFar && gb !== undefined && /^[\x20-\x7e\p{sc=Han}]+$/u.test(gb) ? gb : utf8;
}

const collator = new Intl.Collator('zh-CN', { numeric: true });

/** scan2 before scan10. */
export function compareNames(a: { shown: string; key: string }, b: { shown: string; key: string }): number {
  return collator.compare(a.shown, b.shown) || (a.key < b.key ? -1 : 1);
}

const maxBytes = 255;

/** The same name with a number or an addition behind its stem, no longer than file systems allow. */
export function variantOf(name: Uint8Array, count: number): Buffer {
  const bytes = Buffer.from(name);
  if (count === 1) return bytes;
  const dot = bytes.lastIndexOf('.');
  const [stem, end] = dot > 0 ? [bytes.subarray(0, dot), bytes.subarray(dot)] : [bytes, Buffer.alloc(0)];
  const tail = Buffer.concat([Buffer.from(`-${count}`), end]);
  return Buffer.concat([stem.subarray(0, Math.max(1, maxBytes - tail.length)), tail]);
}

/** Name of the small text that says why a file was put aside. */
export function reasonNameOf(shown: string): string {
  const tail = '.原因.txt';
  let stem = shown;
  while (Buffer.byteLength(stem + tail) > maxBytes) stem = stem.slice(0, -1);
  return stem + tail;
}
