/** What is wrong with the words of a command line, in a sentence for people; undefined for another error. Pure. */
export function tellArgumentFault(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  // Node writes `--json <value>` where a value is due.
  const named = (/'([^']*)'/.exec(error.message)?.[1] ?? '').replace(/ <value>$/, '');
  switch (error.code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `没有选项 ${named}`;
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `多余的参数：${named}`;
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return /does not take/.test(error.message)
        ? `选项 ${named} 后面不带值`
        : `选项 ${named} 后面要有值；值以 - 开头时请写成 ${named.split(/[ ,]+/).find((word) => word.startsWith('--')) ?? '--选项'}=值`;
    default:
      return undefined;
  }
}
