/** An ID-card reader without hardware: real frames on a real line, with the faults that real ones show. */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CardFile } from './card-file.ts';
import { openPseudoTerminal } from './pseudo-terminal.ts';
import type { DeviceSide } from './pseudo-terminal.ts';
import { createRequestSplitter, createSecurityModule } from './security-module.ts';
import type { ModuleOptions, RequestName } from './security-module.ts';

export const misbehaviours = [
  'none',
  // faults of the line
  'slow',
  'half',
  'twice',
  'noise',
  'garbage',
  'wrong-checksum',
  'hang',
  'unplug',
  // faults of the module
  'not-authorised',
  'select-fails',
  'read-fails',
] as const;
export type Misbehaviour = (typeof misbehaviours)[number];

export interface MisbehaveOptions {
  /** How many replies it spoils; without it, all until `misbehave('none')`. Only for faults of the line. */
  times?: number;
  /** Spoils the replies to this request only. Only for faults of the line. */
  on?: RequestName;
}

export interface EmulatorOptions extends ModuleOptions {
  /** Where the serial device appears; a path in the temporary folder by default. */
  path?: string;
  /** Plugs the device in; by default a pseudo-terminal at `path`. */
  openLine?: () => Promise<DeviceSide>;
  /** Answers only at this rate; by default at any. */
  baudRate?: number;
  slowMs?: number;
}

export interface IdCardReaderEmulator {
  path: string;
  /** Lays a card on the reader; one that lies there is lifted first. */
  place(card: CardFile): void;
  remove(): void;
  misbehave(misbehaviour: Misbehaviour, options?: MisbehaveOptions): void;
  unplug(): Promise<void>;
  /** Plugs it in again at the same path; does nothing when it is plugged in. */
  plug(): Promise<void>;
  /** Names of the requests so far, oldest first, at most the last 1000. */
  requests(): readonly RequestName[];
  close(): Promise<void>;
}

// Holds two false beginnings, one with an impossible length and one that never gets its rest.
const noise = Buffer.from('00ff13aaaa966900017e55aaaaaa96690004010203ee00', 'hex');

export async function startIdCardReaderEmulator(
  options: EmulatorOptions = {},
): Promise<IdCardReaderEmulator> {
  const { path = join(tmpdir(), `id-card-reader-${randomUUID()}`), baudRate, slowMs = 300 } = options;
  const openLine = options.openLine ?? (() => openPseudoTerminal(path));
  const samModule = createSecurityModule(options);
  const asked: RequestName[] = [];
  let fault: { kind: Misbehaviour; left: number; on: RequestName | undefined } | undefined;
  let line: DeviceSide | undefined;
  let sending: Promise<void> = Promise.resolve();
  /** What was pulled out last is quite gone. */
  let gone: Promise<void> = Promise.resolve();

  async function plug(): Promise<void> {
    if (line) return;
    await gone;
    const opened = await openLine();
    const splitter = createRequestSplitter();
    line = opened;
    opened.onData((bytes) => {
      for (const request of splitter.push(bytes)) {
        // One after the other: a module that is slow keeps its order.
        sending = sending.then(() => serve(opened, request)).catch(() => undefined);
      }
    });
  }

  async function unplug(): Promise<void> {
    const closing = line;
    line = undefined;
    if (closing) gone = closing.close();
    await gone;
  }

  async function serve(line: DeviceSide, request: Buffer): Promise<void> {
    if (baudRate !== undefined && (await line.readBaudRate?.()) !== baudRate) return;
    const { name, reply } = samModule.answer(request);
    asked.push(name);
    if (asked.length > 1000) asked.shift();
    await send(line, reply, faultFor(name));
  }

  function faultFor(name: RequestName): Misbehaviour {
    if (!fault || fault.left <= 0 || (fault.on && fault.on !== name)) return 'none';
    fault.left--;
    return fault.kind;
  }

  async function send(line: DeviceSide, reply: Buffer, kind: Misbehaviour): Promise<void> {
    switch (kind) {
      case 'slow':
        await delay(slowMs);
        for (let at = 0; at < reply.length; at += 100) {
          line.write(reply.subarray(at, at + 100));
          await delay(5);
        }
        return;
      case 'half':
        line.write(reply.subarray(0, Math.ceil(reply.length / 2)));
        return;
      case 'twice':
        line.write(Buffer.concat([reply, reply]));
        return;
      case 'noise':
        line.write(Buffer.concat([noise, reply]));
        return;
      case 'garbage':
        line.write(noise);
        return;
      case 'wrong-checksum': {
        const spoilt = Buffer.from(reply);
        spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 0xff;
        line.write(spoilt);
        return;
      }
      case 'hang':
        return;
      case 'unplug':
        line.write(reply.subarray(0, Math.ceil(reply.length / 2)));
        await unplug();
        return;
      case 'none':
      case 'not-authorised':
      case 'select-fails':
      case 'read-fails':
        line.write(reply);
    }
  }

  await plug();
  return {
    path,
    place: (card) => samModule.place(card),
    remove: () => samModule.remove(),
    misbehave(kind, { times = Number.POSITIVE_INFINITY, on } = {}) {
      const isOfModule = kind === 'not-authorised' || kind === 'select-fails' || kind === 'read-fails';
      samModule.setFault(isOfModule ? kind : undefined);
      fault = isOfModule || kind === 'none' ? undefined : { kind, left: times, on };
    },
    unplug,
    plug,
    requests: () => [...asked],
    async close() {
      await unplug();
      await sending;
    },
  };
}
