/** The words of a command: strict, in Chinese, and never a fault of Node's to a person. */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { tellArgumentFault } from '#domain/errors/tell-argument-fault.ts';

/** The person's command cannot be carried out as it stands; the message says why. */
export class UsageError extends Error {
  readonly showsHelp: boolean;

  constructor(message: string, { showsHelp = true }: { showsHelp?: boolean } = {}) {
    super(message);
    this.showsHelp = showsHelp;
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Throws UsageError. An option given twice where one is meant is a mistake, not a correction. */
export function readArguments<const O extends Options>(
  args: string[],
  { options, most = 0 }: { options: O; most?: number },
) {
  try {
    const { values, positionals, tokens } = parseArgs({
      args,
      options,
      allowPositionals: true,
      tokens: true,
    });
    const extra = positionals[most];
    if (extra !== undefined) throw new UsageError(`多余的参数：${extra}`);
    const seen = new Set<string>();
    for (const token of tokens) {
      if (token.kind !== 'option') continue;
      if (seen.has(token.name) && options[token.name]?.multiple !== true)
        throw new UsageError(`选项 ${token.rawName} 给了两次`);
      seen.add(token.name);
    }
    return { values, positionals };
  } catch (error) {
    const told = tellArgumentFault(error);
    throw told === undefined ? error : new UsageError(told);
  }
}
