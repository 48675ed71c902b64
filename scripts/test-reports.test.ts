import { expect, test } from 'vitest';
import { outcomeOf, withFiles } from './test-reports.ts';
import type { TestedFile } from './test-reports.ts';

const tested = (status: string, errors: string[] = []) => ({
  fullName: `a test that ${status}`,
  status,
  failureMessages: errors,
});
const file = (
  name: string,
  status: string,
  assertionResults: TestedFile['assertionResults'],
  message = '',
) => ({
  name,
  status,
  message,
  assertionResults,
});

test('counts what passed, failed and was skipped, and names what passed on a second try', () => {
  const outcome = outcomeOf({
    testResults: [
      file('a.test.ts', 'failed', [tested('passed'), tested('failed', ['too late\n at line 3'])]),
      file('b.test.ts', 'passed', [tested('passed', ['timed out']), tested('skipped'), tested('todo')]),
    ],
  });
  expect(outcome).toEqual({
    passed: 2,
    skipped: 2,
    failures: [{ name: 'a test that failed', error: 'too late' }],
    unsteady: [{ name: 'a test that passed', error: 'timed out' }],
  });
});

test('a file whose set-up failed is a failure, though none of its tests is', () => {
  const { failures } = outcomeOf({
    testResults: [file('a.test.ts', 'failed', [tested('skipped')], 'no Chromium\n at line 1')],
  });
  expect(failures).toEqual([{ name: 'a.test.ts', error: 'no Chromium' }]);
});

test('a later run speaks for its own files alone', () => {
  const first = {
    numTotalTests: 2,
    testResults: [
      file('a.test.ts', 'failed', [tested('failed', ['x'])]),
      file('b.test.ts', 'failed', [tested('failed', ['y'])]),
    ],
  };
  const merged = withFiles(first, [file('a.test.ts', 'passed', [tested('passed')])]);
  expect(merged['numTotalTests']).toBe(2);
  expect(outcomeOf(merged)).toMatchObject({ passed: 1, failures: [{ error: 'y' }], unsteady: [] });
});
