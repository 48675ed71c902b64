/** The emulator's controls as lines of text, for a terminal and for the simulated counter alike. */
import { cardFileSchema, loadPerson, personNames, readCardFile } from './card-file.ts';
import type { CardFile, PersonName } from './card-file.ts';
import { misbehaviours } from './emulator.ts';
import type { IdCardReaderEmulator, Misbehaviour } from './emulator.ts';

export const help = [
  `place PERSON | FILE.json | {json}   PERSON: ${personNames.join(', ')}`,
  'remove',
  `misbehave KIND [TIMES]              KIND: ${misbehaviours.join(', ')}`,
  'unplug | plug',
  'help',
].join('\n');

/** Yields the line to answer. Throws an Error that says what is wrong with the command. */
export async function runCommand(emulator: IdCardReaderEmulator, line: string): Promise<string> {
  const [word = '', ...rest] = line.trim().split(/\s+/);
  const argument = line.trim().slice(word.length).trim();
  switch (word) {
    case 'place':
      emulator.place(await cardOf(argument));
      return 'placed';
    case 'remove':
      emulator.remove();
      return 'removed';
    case 'misbehave': {
      const kind = misbehaviours.find((known): known is Misbehaviour => known === rest[0]);
      if (!kind) throw new Error(`no misbehaviour "${rest[0] ?? ''}"`);
      const times = Number(rest[1]);
      emulator.misbehave(kind, Number.isInteger(times) && times > 0 ? { times } : {});
      return `misbehaves: ${kind}`;
    }
    case 'unplug':
      await emulator.unplug();
      return 'unplugged';
    case 'plug':
      await emulator.plug();
      return 'plugged';
    case 'help':
      return help;
    default:
      throw new Error(`no command "${word}"`);
  }
}

async function cardOf(argument: string): Promise<CardFile> {
  if (argument.startsWith('{')) return cardFileSchema.parse(JSON.parse(argument));
  const person = personNames.find((name): name is PersonName => name === argument);
  return person ? loadPerson(person) : readCardFile(argument);
}
