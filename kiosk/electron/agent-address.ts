/** The agent's address as it is handed over: `http://127.0.0.1:PORT/#token=…`. */
export interface ShellAccess {
  /** An origin, without a slash at its end. */
  readonly agentUrl: string;
  readonly token: string;
}

const argument = '--agent-url=';

/** The address given on the command line, when another program has started the agent. */
export function agentUrlFrom(argv: readonly string[]): string | undefined {
  return argv.find((part) => part.startsWith(argument))?.slice(argument.length);
}

/** Throws RangeError when the address is not on this machine or has no token. */
export function splitAccess(url: string): ShellAccess {
  const { hostname, protocol, origin, hash } = new URL(url);
  const token = /^#token=(.+)$/u.exec(hash)?.[1];
  if (protocol !== 'http:' || hostname !== '127.0.0.1')
    throw new RangeError('the agent serves loopback only');
  if (token === undefined) throw new RangeError('the address has no token');
  return { agentUrl: origin, token: decodeURIComponent(token) };
}
