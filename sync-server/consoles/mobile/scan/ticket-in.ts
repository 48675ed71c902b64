/** The ticket in what a code says, or in the address of this page; undefined where it is another code. */
export function ticketIn(text: string): string | undefined {
  if (!URL.canParse(text, window.location.origin)) return undefined;
  const { pathname, searchParams } = new URL(text, window.location.origin);
  const ticket = searchParams.get('t') ?? '';
  return pathname === '/m/scan' && /^[A-Za-z0-9_-]{43}$/u.test(ticket) ? ticket : undefined;
}
