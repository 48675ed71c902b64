/** Starts the server from the environment (settings.ts lists the variables) and stops it when asked to. */
import { ConfigError } from '#config/load-catalogue.ts';
import { readSettings } from './settings.ts';
import { startServer } from './start-server.ts';

try {
  const server = await startServer(readSettings(process.env));
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
  // whoever started it over IPC (npm start) is gone
  if (process.channel) process.once('disconnect', stop);
} catch (error) {
  // a wrong configuration is for the reader of the console, not for the debugger
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
