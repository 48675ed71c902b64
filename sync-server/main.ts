/** Starts the server from the environment (settings.ts lists the variables) and stops it when asked to; or runs a command beside it. */
import { once } from 'node:events';
import { keepPrivate } from '#config/private-files.ts';
import { administer } from './administer.ts';
import { namesSecrets, readSettings } from './settings.ts';
import type { ServerSettings } from './settings.ts';
import { startServer } from './start-server.ts';

// Several files are always waiting for the disk: the usual four threads would leave none for the rest. Read at the first use.
process.env['UV_THREADPOOL_SIZE'] ??= '16';
// whatever this process or a library of it writes is for its own account
process.umask(0o077);
const args = process.argv.slice(2);
const isNew = args.length === 1 && args[0] === '--new';
try {
  const settings = readSettings(process.env);
  for (const file of [process.env['LUDENG_SERVER_SETTINGS'], process.env['LUDENG_SERVER_SERVICES']])
    if (file !== undefined && namesSecrets(settings))
      keepPrivate({ files: [file] }, (message) => process.stderr.write(`${message}：${file}\n`));
  if (args.length > 0 && !isNew) process.stdout.write(`${await administer(settings, args)}\n`);
  else await serve(settings, isNew);
} catch (error) {
  // a wrong configuration is for the reader of the console, not for the debugger
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function serve(settings: ServerSettings, isNew: boolean): Promise<void> {
  // whoever started it over IPC (npm start) is gone, perhaps before it was ready
  const left = process.channel && once(process, 'disconnect');
  const server = await startServer(settings, { isNew });
  const stop = (): void => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  void left?.then(stop);
}
