import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { setFuses } from './set-fuses.ts';

const folder = mkdtempSync(join(tmpdir(), 'ludeng-fuses-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file with a fuse wire as Electron's binaries carry it: the sentinel, version 1, the count, a byte for each fuse. */
function binaryWith(wire: string): string {
  const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
  const file = join(folder, `electron-${wire}`);
  const head = Buffer.from([1, wire.length]);
  writeFileSync(
    file,
    Buffer.concat([Buffer.alloc(1000, 7), sentinel, head, Buffer.from(wire), Buffer.alloc(1000, 9)]),
  );
  return file;
}

describe('the fuses of the counter', () => {
  test('are blown in the binary, and read back', async () => {
    // As Electron ships: run as Node, NODE_OPTIONS and inspection allowed, integrity unchecked.
    const file = binaryWith('10110001');
    expect(await setFuses(file)).toEqual({
      RunAsNode: false,
      EnableCookieEncryption: true,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
    });
    expect(readFileSync(file).includes(Buffer.from('01001100'))).toBe(true);
  });

  test('are refused for a file that is no Electron, and for one with a fuse nobody decided on', async () => {
    const other = join(folder, 'other');
    writeFileSync(other, 'no electron');
    await expect(setFuses(other)).rejects.toThrow();
    await expect(setFuses(binaryWith('101100011'))).rejects.toThrow();
  });
});
