/** `node kiosk/electron/set-fuses.ts BINARY`: sets the counter's fuses in a packaged Electron and reads them back. */
import { flipFuses, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { counterFuses } from './fuses.ts';

/** FuseState of @electron/fuses: the bytes of the wire are the figures 0 and 1. */
const enabled = '1'.charCodeAt(0);

/** Rejects when the file is no Electron, or one with a fuse that nobody decided on. Gives each fuse as the file then has it. */
export async function setFuses(binary: string): Promise<Record<string, boolean>> {
  await flipFuses(binary, counterFuses);
  const wire = await getCurrentFuseWire(binary);
  const options = Object.entries(FuseV1Options).filter(([name]) => Number.isNaN(Number(name)));
  return Object.fromEntries(
    options.map(([name, option]) => [name, Number(wire[option as FuseV1Options]) === enabled]),
  );
}

if (import.meta.main) {
  const [binary] = process.argv.slice(2);
  if (binary === undefined) {
    console.error('请给出 Electron 程序文件 (usage: node kiosk/electron/set-fuses.ts BINARY)');
    process.exitCode = 2;
  } else {
    await setFuses(binary).then(
      (fuses) => console.table(fuses),
      (error: unknown) => {
        console.error(
          `未能设置：${binary} 不是可设置的 Electron 程序（${error instanceof Error ? error.message : String(error)}）`,
        );
        process.exitCode = 1;
      },
    );
  }
}
