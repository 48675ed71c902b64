/** Personal data as it is shown by default: enough to tell two people apart, and no more. */

const stars = (count: number): string => '*'.repeat(Math.max(0, count));

/** The first six and the last four: the place of an ID card stays, the day of birth does not. A short one keeps its ends alone. */
export function maskIdNumber(idNumber: string): string {
  const [head, tail] = idNumber.length >= 15 ? [6, 4] : [1, 1];
  return masked(idNumber, head, tail);
}

/** 138****5678; of a telephone number of another form the last four. */
export function maskMobile(mobile: string): string {
  const [head, tail] = mobile.length === 11 ? [3, 4] : [0, 4];
  return masked(mobile, head, tail);
}

function masked(text: string, head: number, tail: number): string {
  // nothing that short is shown in part
  if (text.length <= head + tail) return stars(text.length);
  return `${text.slice(0, head)}${stars(text.length - head - tail)}${text.slice(text.length - tail)}`;
}
