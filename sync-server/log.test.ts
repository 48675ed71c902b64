import { expect, it } from 'vitest';
import { createLog } from './log.ts';

it('writes neither personal data nor secrets, wherever they stand', () => {
  let written = '';
  const log = createLog('info', { write: (line: string) => (written += line) });
  const secret = '21010219900101001X';
  log.info(
    {
      password: secret,
      record: { values: { idNumber: secret }, subject: { creditCode: secret } },
      person: { idNumber: secret, mobile: secret },
      body: { code: secret, record: { chip: secret } },
      headers: { cookie: secret, authorization: secret },
      code: 'RED_LIGHT',
    },
    'refused',
  );
  expect(written).not.toContain(secret);
  expect(written).toContain('RED_LIGHT');
});
