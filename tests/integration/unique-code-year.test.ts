/** The year of a unique code is China's: a submission that comes on 1 January before 08:00 is counted in the new year. */
import { expect, test } from 'vitest';
import { isUniqueCode } from '#domain/record/unique-code.ts';
import { shiftDate } from '#tests/support/shift-date.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission } from './server-fixtures.ts';
import { connectStation, enrol, makeDataFolder, makeIdentity, startTestServer } from './server-support.ts';

test.each([
  ['2026-12-31T15:30:00.000Z', 2026],
  ['2026-12-31T16:30:00.000Z', 2027],
])('what comes at %s is of %i', async (now, year) => {
  const restore = shiftDate(now);
  const data = makeDataFolder();
  const identity = makeIdentity();
  const catalogue = makeCatalogue();
  try {
    const server = await startTestServer(data.folder, { trustAnchors: [authorityPem] }, { catalogue });
    await enrol(server.url, identity);
    const station = await connectStation(server.url, identity);
    const { item, record } = await makeSealedSubmission({ catalogue, stationId: identity.stationId, seq: 1 });
    await station.upload(item);
    await station.commit(item.commit);
    const changes = await station.pullUntil((list) =>
      list.some(({ change }) => change.kind === 'record-stored' || change.kind === 'record-rejected'),
    );
    const stored = changes.find(({ change }) => change.kind === 'record-stored')?.change;
    expect(stored).toMatchObject({ recordId: record.id });
    const code = stored?.kind === 'record-stored' ? stored.uniqueCode : '';
    expect(code).toMatch(new RegExp(`^TEST${year}\\d{8}.$`));
    expect(isUniqueCode(code)).toBe(true);
    station.close();
    await server.close();
  } finally {
    data.remove();
    restore();
  }
});
