import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';

/** Keys whose values never reach the log, wherever in the first levels they stand. */
const secrets = [
  'password',
  'code',
  'token',
  'cookie',
  'authorization',
  'pin',
  'values',
  'answers',
  'form',
  'chip',
  'payload',
  'subject',
  'opinion',
  'creditCode',
  'signature',
  'idNumber',
  'mobile',
];
// `code` is redacted as an enrolment code; error codes are written under it at the top level, where they are wanted
const paths = secrets.flatMap((key) => (key === 'code' ? [`body.${key}`] : [key, `*.${key}`, `*.*.${key}`]));

/** JSON lines to `destination`, standard output by default. */
export function createLog(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  const options = {
    level,
    base: null,
    redact: { paths, censor: '[redacted]' },
    serializers: { error: pino.stdSerializers.err },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return pino(options, destination);
}
