/** Options of a script: what is wrong with them is told in a sentence, with how it is called, and ends it with 2. */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { tellArgumentFault } from '#domain/errors/tell-argument-fault.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

export function readOptions<const O extends Options>(usage: string, options: O) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const told = tellArgumentFault(error);
    if (told === undefined) throw error;
    console.error(`${told}\n${usage}`);
    process.exit(2);
  }
}
