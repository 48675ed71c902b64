/** The agent's address as it is handed over: `http://127.0.0.1:PORT/#code=…`. */
export interface ShellAccess {
  /** An origin, without a slash at its end. */
  readonly agentUrl: string;
  /** Opens the page once. */
  readonly code: string;
}

/**
 * Another program has started the agent and says its address on this one's standard input: a command line can be read by
 * everybody on the machine.
 */
export const readsAddress = (argv: readonly string[]): boolean => argv.includes('--agent-on-stdin');

/** Throws RangeError when the address is not on this machine or has no code. */
export function splitAccess(url: string): ShellAccess {
  const { hostname, protocol, origin, hash } = new URL(url);
  const code = /^#code=(.+)$/u.exec(hash)?.[1];
  if (protocol !== 'http:' || hostname !== '127.0.0.1')
    throw new RangeError('the agent serves loopback only');
  if (code === undefined) throw new RangeError('the address has no code');
  return { agentUrl: origin, code: decodeURIComponent(code) };
}
