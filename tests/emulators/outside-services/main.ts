/**
 * `node tests/emulators/outside-services/main.ts --folder DIR [--port N] [--host H --public-url URL]`: the sandbox of the outside
 * services, until it is stopped. Prints one line of JSON with its address and where the block `services` of the server's settings
 * stands (for LUDENG_SERVER_SERVICES).
 */
import { join, resolve } from 'node:path';
import { writePrivateFile } from '#config/private-files.ts';
import { readOptions } from '../../../scripts/read-options.ts';
import { startSandbox } from './start-sandbox.ts';

const usage =
  '用法：node tests/emulators/outside-services/main.ts --folder 文件夹 [--port 端口] [--host 监听地址 --public-url 手机访问的地址]';
const options = readOptions(usage, {
  folder: { type: 'string', default: join('var', 'outside-services') },
  port: { type: 'string', default: '0' },
  host: { type: 'string' },
  'public-url': { type: 'string' },
});
const folder = resolve(options.folder);
const sandbox = await startSandbox({
  folder,
  port: Number(options.port),
  host: options.host,
  publicUrl: options['public-url'],
}).catch((error: unknown) => {
  // a port that is taken is for the reader of the console
  console.error(`外部服务沙箱没有启动：${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
const servicesFile = join(folder, 'services.json');
writePrivateFile(servicesFile, JSON.stringify(sandbox.services, undefined, 2));
console.log(JSON.stringify({ ready: true, url: sandbox.url, servicesFile }));

const stop = (): void => void sandbox.close().then(() => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
// whoever started it over IPC (npm start) is gone
if (process.channel) process.once('disconnect', stop);
