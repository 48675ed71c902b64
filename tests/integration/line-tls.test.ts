/** Station and server over TLS with an authority of one's own, as offices without a public name have it. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder, openStation, queueSubmission } from '#tests/support/station.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { createLink } from '../../scanner-agent/sync/create-link.ts';
import { enrolStation } from '../../scanner-agent/sync/enrol.ts';
import { trustAuthority } from '../../scanner-agent/sync/trust-authority.ts';
import { enrolmentCode, makeDataFolder, queryStore, startTestServer } from './server-support.ts';

const believed = getCACertificates('default');
const undo: (() => Promise<void> | void)[] = [];
let folder: string;

beforeEach(() => {
  const place = makeFolder();
  undo.push(place.remove);
  folder = place.folder;
});
afterEach(async () => {
  setDefaultCACertificates(believed);
  for (const last of undo.splice(0).toReversed()) await last();
});

async function makeCertificate(): Promise<{ ca: string; certFile: string; keyFile: string }> {
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  );
  await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1\n');
  await openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-out', 'server.pem', '-days', '2', '-extfile', 'names'],
  );
  const file = (name: string): string => join(folder, name);
  return {
    ca: readFileSync(file('ca.pem'), 'utf8'),
    certFile: file('server.pem'),
    keyFile: file('server.key'),
  };
}

it('carries everything over TLS to a server whose authority the station believes, and nothing to another', async () => {
  const { ca, ...tls } = await makeCertificate();
  const data = makeDataFolder();
  undo.push(() => data.remove());
  const server = await startTestServer(data.folder, { tls });
  undo.push(() => server.close());
  expect(server.url).toMatch(/^https:/);
  const station = openStation(join(folder, 'station'));
  undo.push(() => station.store.close());
  const enrol = () =>
    enrolStation({
      store: station.store,
      serverUrl: server.url,
      code: enrolmentCode,
      stationId: 'S1',
      stationName: '测试采集站',
    });
  await expect(enrol()).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });

  trustAuthority(ca);
  await enrol();
  const { itemId } = await queueSubmission(station, { pages: 2, pageBytes: 200_000 });
  const link = createLink({ ...station, appVersion: '1', catalogueHash: 'x' });
  undo.push(() => link.close());
  link.start();
  await waitUntil(() => link.state().queued === 0, { what: 'delivery', timeoutMs: 60_000 });
  expect(await queryStore(data.folder, 'select id from item')).toEqual([{ id: itemId }]);
});

it('does not start open to other machines without TLS, unless it is told to', async () => {
  const data = makeDataFolder();
  undo.push(() => data.remove());
  await expect(startTestServer(data.folder, { host: '0.0.0.0' })).rejects.toThrow('请配置 tls');
  const proxied = await startTestServer(data.folder, {
    host: '0.0.0.0',
    publicUrl: 'https://ludeng.example',
  });
  await proxied.close();
});
