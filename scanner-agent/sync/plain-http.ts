import { AppError } from '#domain/errors/app-error.ts';

/** Names of this machine itself, as `URL.hostname` gives them. */
const ownMachine = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * What applicants hand over leaves this machine over TLS only. Throws PLAIN_HTTP_REFUSED for a server on another machine that
 * is spoken to in the clear, unless the station's settings say that the network is a closed one.
 */
export function refusePlainHttp(serverUrl: string, isAllowed = false): void {
  const { protocol, hostname } = new URL(serverUrl);
  if (protocol === 'https:' || isAllowed || ownMachine.test(hostname)) return;
  throw new AppError('PLAIN_HTTP_REFUSED', { server: hostname });
}
