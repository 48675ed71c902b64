/**
 * Where a person at this machine asks the running agent for another address of the page (`./ludeng open`, `npm start`): a
 * socket in the data folder, which the operating system opens to the owner of the station's data and to nobody else.
 */
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** sun_path of the smallest system that knows it, with its end. */
const maxPathBytes = 100;
const question = 'open\n';
const askedWithinMs = 10_000;

/** Returns the way to stop. ShownError costs this way of asking, not the station. */
export async function listenForOpeners(options: {
  folder: string;
  openingUrl: () => string;
  onError: (error: unknown) => void;
}): Promise<() => Promise<void>> {
  const asking = new Set<Socket>();
  const server = createServer((socket) => {
    asking.add(socket);
    socket.once('close', () => asking.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(askedWithinMs, () => socket.destroy());
    let heard = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      heard += part;
      if (heard === question) socket.end(options.openingUrl());
      else if (!question.startsWith(heard)) socket.destroy();
    });
  });
  try {
    const path = pathIn(options.folder);
    // What a killed agent left; this one has the folder's lock.
    if (process.platform !== 'win32') rmSync(path, { force: true });
    server.listen(path);
    await once(server, 'listening');
    if (process.platform !== 'win32') chmodSync(path, 0o600);
  } catch (error) {
    options.onError(error);
    return async () => undefined;
  }
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of asking) socket.destroy();
    await closed;
  };
}

/** An address that opens the page of the station whose data is in `folder`; undefined when none runs there. */
export async function askOpeningUrl(folder: string): Promise<string | undefined> {
  try {
    const socket = connect(pathIn(folder));
    socket.setTimeout(askedWithinMs, () => socket.destroy());
    await once(socket, 'connect');
    socket.write(question);
    return (await text(socket)) || undefined;
  } catch {
    return undefined;
  }
}

/** A folder deep down has no room for a socket's name; there the agent says so and goes without. */
function pathIn(folder: string): string {
  const name = hash('sha256', folder).slice(0, 32);
  if (process.platform === 'win32') return `\\\\.\\pipe\\ludeng-${name}`;
  const path = join(folder, 'open.sock');
  if (Buffer.byteLength(path) > maxPathBytes) throw new RangeError(`${path} is too long for a socket`);
  return path;
}
