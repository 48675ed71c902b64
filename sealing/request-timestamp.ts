import { buildTimestampRequest, readTimestampResponse } from './timestamp.ts';

const maxAnswerBytes = 64 * 1024;

/**
 * Asks a time authority (RFC 3161 over HTTP) for a stamp over a signature; the token in DER. Throws for whatever comes
 * between: no line, a slow or refusing authority, an answer to another question. The seal is good without it.
 */
export async function requestTimestamp(
  signature: Uint8Array,
  { url, signal, timeoutMs }: { url: string; signal: AbortSignal; timeoutMs: number },
): Promise<Uint8Array> {
  const request = buildTimestampRequest(signature);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: Buffer.from(request.der),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    redirect: 'error',
  });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const length = Number(answer.headers.get('content-length') ?? 0);
  if (length > maxAnswerBytes) throw new Error(`an answer of ${length} bytes`);
  const body = new Uint8Array(await answer.arrayBuffer());
  if (body.length > maxAnswerBytes) throw new Error(`an answer of ${body.length} bytes`);
  return readTimestampResponse(body, request);
}
