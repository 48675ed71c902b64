/** One HTTP exchange with a scanner. Their TLS certificates are their own: encryption, but no proof of who answers. */
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { AppError } from '#domain/errors/app-error.ts';

export interface Exchange {
  method: 'GET' | 'POST' | 'DELETE';
  url: URL;
  body?: string;
  signal: AbortSignal;
  timeoutMs: number;
}
export interface Answer {
  status: number;
  /** Absolute address of what was made. */
  location: URL | undefined;
  retryAfterMs: number | undefined;
  type: string;
  bytes: Uint8Array;
}

/** A4 in colour at 600 dpi is some 20 MB as JPEG; what is larger is no sheet. */
const maxBytes = 80 * 1024 * 1024;

/** Throws SCANNER_LOST when the line breaks, DEVICE_TIMEOUT, or the signal's reason. */
export function exchange({ method, url, body, signal, timeoutMs }: Exchange): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const fail = (error: unknown): void => {
      if (signal.aborted) reject(signal.reason as Error);
      else if (timeout.aborted) reject(new AppError('DEVICE_TIMEOUT', { address: url.host }));
      else reject(new AppError('SCANNER_LOST', { address: url.host }, { cause: error }));
    };
    const options = {
      method,
      signal: AbortSignal.any([signal, timeout]),
      headers:
        body === undefined ? {} : { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) },
    };
    const call =
      url.protocol === 'https:'
        ? tlsRequest(url, { ...options, rejectUnauthorized: false })
        : plainRequest(url, options);
    call.on('error', fail);
    call.on('response', (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > maxBytes) response.destroy(new Error('the answer is too large'));
        else parts.push(part);
      });
      response.on('error', fail);
      response.on('end', () => {
        if (!response.complete) {
          fail(new Error('the answer was cut short'));
          return;
        }
        const { location, 'retry-after': retryAfter, 'content-type': type = '' } = response.headers;
        const seconds = Number(retryAfter);
        resolve({
          status: response.statusCode ?? 0,
          location: location === undefined ? undefined : new URL(location, url),
          retryAfterMs: retryAfter !== undefined && seconds >= 0 ? seconds * 1000 : undefined,
          type,
          bytes: new Uint8Array(Buffer.concat(parts)),
        });
      });
    });
    call.end(body);
  });
}
