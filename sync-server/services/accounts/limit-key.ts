import { isIP } from 'node:net';

/** What limits count by: a household or an attacker has a whole /64 of IPv6. */
export function limitKeyOf(address: string): string {
  const bare = withoutMapping(address);
  if (isIP(bare) !== 6) return bare;
  const [head = '', tail] = bare.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** `::ffff:10.0.0.1` is 10.0.0.1. */
export function withoutMapping(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped ?? address;
}
