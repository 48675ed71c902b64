/** The agent as a process. Prints one line of JSON when it is ready: {"ready":true,"url":…}; the page's address holds a code that opens it once. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import pino from 'pino';
import { AppError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import { ConfigError } from '#config/load-catalogue.ts';
import { readAgentPaths } from './settings.ts';
import { startAgent } from './start-agent.ts';
import { trustAuthority } from './sync/trust-authority.ts';

const log = pino({ name: 'scanner-agent' }, pino.destination({ dest: 2, sync: true }));

// The shell that started it (Electron, npm start) is gone, perhaps before it was ready: nobody is left to serve.
const left = process.channel && once(process, 'disconnect');
try {
  const { serverCaFile, ...paths } = readAgentPaths();
  if (serverCaFile !== undefined) trustAuthority(readFileSync(serverCaFile, 'utf8'));
  const agent = await startAgent({
    ...paths,
    logError: (error, context) => log.error({ ...context, err: error }),
    logWarning: (message, context) => log.warn(context, message),
  });
  process.stdout.write(`${JSON.stringify({ ready: true, url: agent.openingUrl() })}\n`);
  const stop = (): void => {
    void agent.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error });
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  void left?.then(stop);
} catch (error) {
  if (error instanceof AppError) {
    const { message, action } = errorTable[error.code];
    process.stderr.write(`${message}。${action}\n`);
  } else if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error });
  process.exitCode = 1;
}
