/** Who asks, where a proxy stands before the server: its word is believed only from the addresses that the settings name. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { withoutMapping } from '../services/accounts/limit-key.ts';

export const loopbackNetworks = ['127.0.0.0/8', '::1'] as const;

export interface CallerAddresses {
  /** For the header's chain: whether this one is a proxy of ours. */
  isTrusted: (address: string) => boolean;
  addressOf: (request: IncomingMessage) => string;
}

/** `trusted`: addresses and networks (`10.1.0.0/16`), as the settings checked them. */
export function createCallerAddresses(trusted: readonly string[]): CallerAddresses {
  const list = new BlockList();
  for (const one of trusted) {
    const [address = '', bits] = one.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (address: string): boolean => {
    const bare = withoutMapping(address);
    const version = isIP(bare);
    return version !== 0 && list.check(bare, version === 6 ? 'ipv6' : 'ipv4');
  };
  return {
    isTrusted,
    addressOf(request) {
      let address = withoutMapping(request.socket.remoteAddress ?? '');
      const header = request.headers['x-forwarded-for'];
      const told = (Array.isArray(header) ? header.join(',') : (header ?? ''))
        .split(',')
        .map((one) => one.trim());
      // from the nearest on: the first that is no proxy of ours is the caller, whatever stands before it
      while (isTrusted(address) && told.length > 0) {
        const before = withoutMapping(told.pop() ?? '');
        if (isIP(before) === 0) break;
        address = before;
      }
      return address;
    },
  };
}
