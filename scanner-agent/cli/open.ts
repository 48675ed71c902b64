import { askOpeningUrl } from '../api/opening-socket.ts';

/** Prints an address that opens the running station's page once. Exit status 1 when no station runs on this data. */
export async function showOpeningUrl(dataFolder: string): Promise<number> {
  const url = await askOpeningUrl(dataFolder);
  if (url === undefined) {
    process.stderr.write(
      `没有在 ${dataFolder} 运行的采集站。请先启动采集站（npm start）；数据在别处时用 LUDENG_DATA 指出，并由启动采集站的用户执行\n`,
    );
    return 1;
  }
  process.stdout.write(`${url}\n`);
  return 0;
}
