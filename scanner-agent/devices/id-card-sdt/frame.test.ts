import fc from '#tests/support/properties.ts';
import { describe, expect, test } from 'vitest';
import { commands } from './commands.ts';
import { createFrameCollector, encodeFrame, maxBodyLength } from './frame.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');

const noCard = bytes('AA AA AA 96 69 00 04 00 00 80 84');
const found = bytes('AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97');

describe('requests', () => {
  test.each([
    ['reset', 'aaaaaa9669000310ffec'],
    ['status', 'aaaaaa9669000311ffed'],
    ['samId', 'aaaaaa9669000312ffee'],
    ['find', 'aaaaaa96690003200122'],
    ['select', 'aaaaaa96690003200221'],
    ['read', 'aaaaaa96690003300132'],
    ['readFingerprint', 'aaaaaa96690003301023'],
    ['address', 'aaaaaa96690003300330'],
  ] as const)('%s has the published bytes', (name, expected) => {
    expect(hex(commands[name].request)).toBe(expected);
  });
});

describe('a frame collector', () => {
  test('yields the published replies', () => {
    const events = createFrameCollector().push(new Uint8Array([...noCard, ...found]));
    expect(events).toEqual([
      { kind: 'reply', reply: { sw1: 0, sw2: 0, sw3: 0x80, data: new Uint8Array() } },
      { kind: 'reply', reply: { sw1: 0, sw2: 0, sw3: 0x9f, data: new Uint8Array(4) } },
    ]);
  });

  test('finds a frame whose first byte was swallowed', () => {
    expect(createFrameCollector().push(found.subarray(1))).toHaveLength(1);
  });

  test('tells a wrong check byte', () => {
    const spoilt = found.slice();
    spoilt[spoilt.length - 1] = 0;
    expect(createFrameCollector().push(spoilt)).toEqual([{ kind: 'damaged', reason: 'check' }]);
  });

  test('finds the good frame inside one that claims too much', () => {
    const cut = bytes('AA AA AA 96 69 00 20 00 00 90');
    const events = createFrameCollector().push(new Uint8Array([...cut, ...found, ...noCard, ...noCard]));
    expect(events.map((event) => (event.kind === 'reply' ? event.reply.sw3 : event.reason))).toEqual([
      'check',
      0x9f,
      0x80,
      0x80,
    ]);
  });

  test('yields the same frames however the stream is cut', () => {
    const body = fc.uint8Array({ minLength: 3, maxLength: 60 });
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(body, { maxLength: 5 }), cuts, (bodies, sizes) => {
        const stream = Buffer.concat(bodies.map((one) => encodeFrame(one)));
        const collector = createFrameCollector();
        const events = [];
        let at = 0;
        for (let turn = 0; at < stream.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          events.push(...collector.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(events).toEqual(createFrameCollector().push(stream));
        expect(events).toHaveLength(bodies.length);
      }),
    );
  });

  test('survives any noise, keeps its memory bounded and finds the frame after it', () => {
    const tricky = fc.constantFrom(
      ...['aaaaaa9669', 'aaaa9669', 'aa', 'aaaaaa96690005', 'aaaaaa9669ffff', '00'].map(bytes),
    );
    const part = fc.oneof(tricky, fc.uint8Array({ maxLength: 200 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const collector = createFrameCollector();
        for (const one of parts) {
          collector.push(one);
          expect(collector.bufferedLength()).toBeLessThanOrEqual(maxBodyLength + 16);
        }
        collector.reset();
        expect(collector.push(found)).toHaveLength(1);
      }),
    );
  });

  test('does not hoard for a frame that claims 65535 bytes', () => {
    const collector = createFrameCollector();
    collector.push(bytes('AA AA AA 96 69 FF FF'));
    for (let sent = 0; sent < 20; sent++) collector.push(new Uint8Array(1000));
    expect(collector.bufferedLength()).toBeLessThan(16);
    expect(collector.push(found)).toHaveLength(1);
  });

  test('takes a flood of false beginnings without stalling', () => {
    const noise = Buffer.alloc(1 << 18, Buffer.from('aaaa966909f0', 'hex'));
    const collector = createFrameCollector();
    const startedAt = performance.now();
    for (let at = 0; at < noise.length; at += 16_384) collector.push(noise.subarray(at, at + 16_384));
    expect(collector.bufferedLength()).toBeLessThanOrEqual(maxBodyLength + 16);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
