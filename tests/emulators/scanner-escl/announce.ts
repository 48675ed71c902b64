/**
 * A network scanner announces itself (RFC 6762, RFC 6763): it answers the question for `_uscan._tcp.local` with its name,
 * address, port and path. It shares no code with the driver's library.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const group = '224.0.0.251';
const port = 5353;
const serviceType = '_uscan._tcp.local';
const types = { a: 1, ptr: 12, txt: 16, srv: 33 } as const;
const ttlSeconds = 120;

export interface Announcement {
  /** The scanner's name; may be Chinese. */
  name: string;
  /** Where its service listens: IPv4 address, port and path without slashes. */
  address: string;
  port: number;
  path: string;
}

/** Answers until it is closed. */
export async function announceScanner(scanner: Announcement): Promise<{ close(): Promise<void> }> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(port);
  await once(socket, 'listening');
  socket.addMembership(group);
  const answer = answerOf(scanner);
  const question = nameBytes(serviceType);
  socket.on('message', (message) => {
    const isQuestion = message.length > 12 && (message.readUInt16BE(2) & 0x8000) === 0;
    if (isQuestion && message.includes(question)) socket.send(answer, port, group);
  });
  return {
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** Whether this machine hears its own multicast at all: a sandbox may not. */
export async function hearsMulticast(): Promise<boolean> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const probe = Buffer.from(`ludeng ${process.pid} ${performance.now()}`);
  try {
    socket.bind(port);
    await once(socket, 'listening');
    socket.addMembership(group);
    const heard = new Promise<boolean>((resolve) => {
      socket.on('message', (message) => message.equals(probe) && resolve(true));
    });
    socket.on('error', () => undefined);
    socket.send(probe, port, group, () => undefined);
    return await Promise.race([heard, delay(1000, false)]);
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

function answerOf(scanner: Announcement): Buffer {
  const service = nameBytes(scanner.name, serviceType);
  const host = nameBytes('ludeng-scanner.local');
  const place = Buffer.alloc(6);
  place.writeUInt16BE(scanner.port, 4);
  const txt = ['txtvers=1', `rs=${scanner.path}`, `ty=${scanner.name}`].map(textBytes);
  const records = [
    record(nameBytes(serviceType), types.ptr, service),
    record(service, types.srv, Buffer.concat([place, host])),
    record(service, types.txt, Buffer.concat(txt)),
    record(host, types.a, Buffer.from(scanner.address.split('.').map(Number))),
  ];
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0x8400, 2); // an answer, by who knows
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, ...records]);
}

function record(name: Buffer, type: number, data: Buffer): Buffer {
  const middle = Buffer.alloc(10);
  middle.writeUInt16BE(type, 0);
  middle.writeUInt16BE(1, 2);
  middle.writeUInt32BE(ttlSeconds, 4);
  middle.writeUInt16BE(data.length, 8);
  return Buffer.concat([name, middle, data]);
}

/** `first` is one label whatever stands in it; the rest is cut at its dots. */
function nameBytes(first: string, rest?: string): Buffer {
  const labels = rest === undefined ? first.split('.') : [first, ...rest.split('.')];
  return Buffer.concat([...labels.map(textBytes), Buffer.alloc(1)]);
}

function textBytes(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
