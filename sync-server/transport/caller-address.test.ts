import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { limitKeyOf } from '../services/accounts/limit-key.ts';
import { serverSettingsSchema } from '../settings.ts';
import { createCallerAddresses, loopbackNetworks } from './caller-address.ts';

function askedBy(remoteAddress: string, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  // all that is looked at
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

it('believes what our proxies say, and of a chain the nearest address that is none of them', () => {
  const { addressOf } = createCallerAddresses(['10.1.0.0/16', 'fd00:1::/32', '192.0.2.7']);
  expect(addressOf(askedBy('10.1.2.3', '203.0.113.9'))).toBe('203.0.113.9');
  expect(addressOf(askedBy('::ffff:10.1.2.3', '203.0.113.9'))).toBe('203.0.113.9');
  expect(addressOf(askedBy('fd00:1::5', '2001:db8::9'))).toBe('2001:db8::9');
  expect(addressOf(askedBy('10.1.2.3', '198.51.100.1, 203.0.113.9, 192.0.2.7'))).toBe('203.0.113.9');
  expect(addressOf(askedBy('10.1.2.3', '198.51.100.1, 203.0.113.9, 10.1.9.9'))).toBe('203.0.113.9');
  expect(addressOf(askedBy('10.1.2.3', 'unknown'))).toBe('10.1.2.3');
  expect(addressOf(askedBy('10.1.2.3'))).toBe('10.1.2.3');
});

it('believes nobody else, whatever he says', () => {
  const { addressOf } = createCallerAddresses(['10.1.0.0/16']);
  expect(addressOf(askedBy('10.2.0.1', '203.0.113.9'))).toBe('10.2.0.1');
  expect(addressOf(askedBy('127.0.0.1', '203.0.113.9'))).toBe('127.0.0.1');
  expect(createCallerAddresses([]).addressOf(askedBy('127.0.0.1', '203.0.113.9'))).toBe('127.0.0.1');
  expect(createCallerAddresses(loopbackNetworks).isTrusted('127.8.8.8')).toBe(true);
});

it('counts a /64 of IPv6 as one', () => {
  expect(limitKeyOf('203.0.113.9')).toBe('203.0.113.9');
  expect(limitKeyOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
  const one = limitKeyOf('2001:db8:1:2::1');
  expect(limitKeyOf('2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe(one);
  expect(limitKeyOf('2001:0DB8:0001:0002:0:0:0:7%eth0')).toBe(one);
  expect(limitKeyOf('2001:db8:1:3::1')).not.toBe(one);
  expect(limitKeyOf('::1')).toBe(limitKeyOf('0:0:0:0:5::'));
});

it('takes addresses and networks as proxies, and neither a name, a broken network nor the whole world', () => {
  const parse = (trustedProxies: string[]) =>
    serverSettingsSchema.safeParse({ dataFolder: 'x', trustedProxies }).success;
  expect(parse(['10.1.2.3', '10.1.0.0/16', '::1', 'fd00::/8'])).toBe(true);
  for (const wrong of ['proxy.example', '10.1.2.300', '10.1.0.0/33', '', '0.0.0.0/0', '::/0', '10.1.0.0/'])
    expect(parse([wrong])).toBe(false);
});
