import { parseArgs } from 'node:util';
import { expect, test } from 'vitest';
import { tellArgumentFault } from './tell-argument-fault.ts';

const options = { json: { type: 'string' }, open: { type: 'boolean' } } as const;
const faultOf = (...args: string[]): string | undefined => {
  try {
    parseArgs({ args, options });
    return undefined;
  } catch (error) {
    return tellArgumentFault(error);
  }
};

test('each fault of a command line has its sentence, with the word that is wrong', () => {
  expect(faultOf('--bogus')).toBe('没有选项 --bogus');
  expect(faultOf('file')).toBe('多余的参数：file');
  expect(faultOf('--open=yes')).toContain('--open');
  expect(faultOf('--json')).toContain('--json');
  expect(faultOf('--json', '--open')).toContain('--json=值');
  expect(tellArgumentFault(new Error('other'))).toBeUndefined();
});
