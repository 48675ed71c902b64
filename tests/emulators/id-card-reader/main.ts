/**
 * `node tests/emulators/id-card-reader/main.ts [--link PATH] [--baud RATE] [--sam-id ID] [--once] [--place PERSON]`
 * Prints `ready PATH`, then obeys lines on standard input (see `help`) until a signal.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { runCommand } from './commands.ts';
import { startIdCardReaderEmulator } from './emulator.ts';

const { values } = parseArgs({
  options: {
    link: { type: 'string' },
    baud: { type: 'string' },
    'sam-id': { type: 'string' },
    /** Finds a card only once a placing, as some modules do. */
    once: { type: 'boolean', default: false },
    place: { type: 'string' },
  },
});

const emulator = await startIdCardReaderEmulator({
  ...(values.link ? { path: values.link } : {}),
  ...(values.baud ? { baudRate: Number(values.baud) } : {}),
  ...(values['sam-id'] ? { samId: values['sam-id'] } : {}),
  findsAgain: !values.once,
});
if (values.place) await runCommand(emulator, `place ${values.place}`);
console.log(`ready ${emulator.path}`);

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line.trim() === '') return;
  runCommand(emulator, line).then(
    (answer) => console.log(answer),
    (error: unknown) => console.log(`error: ${error instanceof Error ? error.message : String(error)}`),
  );
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void emulator.close().then(() => process.exit(0)));
}
