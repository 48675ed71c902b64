/** What a page is told by the server as it happens. */
export async function listenTo(
  address: string,
  cookie: string,
): Promise<{ status: number; text: () => string; close: () => void }> {
  const stop = new AbortController();
  const answer = await fetch(address, { headers: { cookie }, signal: stop.signal });
  const decoder = new TextDecoder();
  let text = '';
  const read = async (): Promise<void> => {
    for await (const part of answer.body ?? []) text += decoder.decode(part, { stream: true });
  };
  // ends with the abort below
  read().catch(() => undefined);
  return { status: answer.status, text: () => text, close: () => stop.abort() };
}
