/** Who registers himself, on either database: of those who come at one moment one has the number, and one has the name. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampled } from '#tests/support/nightly.ts';
import { openRegistrants } from '#tests/support/registrants.ts';
import type { TestRegistrants } from '#tests/support/registrants.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer } from './server-support.ts';

const programme = 'hunan-unified-registration';
const data = makeDataFolder();
let server: RunningServer;
let registrants: TestRegistrants;
beforeAll(async () => {
  server = await startTestServer(data.folder);
  registrants = await openRegistrants(data.folder);
});
afterAll(async () => {
  await registrants?.close();
  await server?.close();
  data.remove();
});

it('lets one of fifty have a number, every time', { timeout: 600_000 }, async () => {
  const rounds = sampled(4, 200);
  for (let round = 0; round < rounds; round += 1) {
    const unit = { programme, name: `湘江第${round}有限公司`, number: `number-${round}` };
    const outcomes = await registrants.raceFor(unit, 50);
    expect(outcomes.filter((one) => 'loginName' in one)).toHaveLength(1);
    expect(new Set(outcomes.flatMap((one) => ('refused' in one ? [one.refused] : [])))).toEqual(
      new Set(['number-registered']),
    );
    expect(await registrants.count(unit.number)).toBe(1);
  }
});

it('lets one of fifty units have a name, and tells the others', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      registrants.raceFor({ programme, name: '同名有限公司', number: `same-${index}` }, 1),
    ),
  );
  const all = outcomes.flat();
  expect(all.filter((one) => 'loginName' in one)).toHaveLength(1);
  expect(all.filter((one) => 'refused' in one && one.refused === 'login-name-taken')).toHaveLength(49);
});

it('renames with the form that says so, and lets nobody take a name that another has', async () => {
  const [first, second] = [
    { name: '甲湘有限公司', number: 'a' },
    { name: '乙湘有限公司', number: 'b' },
  ];
  await registrants.raceFor({ programme, ...first }, 1);
  await registrants.raceFor({ programme, ...second }, 1);
  await registrants.fileForm(first, { unitName: '丙湘有限公司' });
  await expect(registrants.fileForm(second, { unitName: '丙湘（有限）公司' })).resolves.toBeUndefined();
  await expect(registrants.fileForm(second, { unitName: ' 丙湘有限公司' })).rejects.toThrow(
    'LOGIN_NAME_TAKEN',
  );
  // the name that the first one gave up is free again
  await registrants.fileForm(second, { unitName: first.name });
  expect(await registrants.loginNameOf(second.number)).toBe(first.name);
});
