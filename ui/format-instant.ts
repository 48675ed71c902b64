/** China's time wherever the machine stands: the offices' time, which has no summer time. */
const timeZone = 'Asia/Shanghai';

const wholeFormat = new Intl.DateTimeFormat('zh-CN', {
  timeZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const dayFormat = new Intl.DateTimeFormat('zh-CN', {
  timeZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** ISO UTC to local time, `2026-11-21 08:30:00`; '—' when there is none. */
export function formatInstant(iso: string | undefined): string {
  return iso === undefined ? '—' : wholeFormat.format(new Date(iso)).replaceAll('/', '-');
}

/** ISO UTC to the local day, `2026-11-21`. */
export function formatDay(iso: string | undefined): string {
  return iso === undefined ? '—' : dayFormat.format(new Date(iso)).replaceAll('/', '-');
}
