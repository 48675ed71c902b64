/** Our way: the station's own store and line. The submissions stand in the outbox before the clock runs. */
import { join } from 'node:path';
import { queueSubmission } from '#tests/support/station.ts';
import { openStore } from '../../scanner-agent/store/open-store.ts';
import { createLink } from '../../scanner-agent/sync/create-link.ts';
import { enrolStation } from '../../scanner-agent/sync/enrol.ts';
import { runClient } from './client-side.ts';

await runClient(async ({ url, folder, submissions, pages, pageBytes }) => {
  const station = openStore({ folder: join(folder, 'station') });
  await enrolStation({
    store: station.store,
    serverUrl: url,
    code: 'enrolment-for-the-bench',
    stationId: 'S1',
    stationName: '测速站',
    timeoutMs: 60_000,
  });
  for (let n = 0; n < submissions; n += 1) await queueSubmission(station, { pages, pageBytes });
  const link = createLink({ ...station, appVersion: '1.0.0', catalogueHash: 'bench' });
  return async () => {
    const all = Promise.withResolvers<void>();
    link.onState(({ queued, parked }) => {
      if (parked > 0) all.reject(new Error(`${parked} items were parked`));
      if (queued === 0) all.resolve();
    });
    link.start();
    await all.promise;
  };
});
