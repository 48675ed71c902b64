/** What an earlier version left on the disks of a station and a server (tests/fixtures), unpacked to be lifted. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { stringify } from 'yaml';
import { z } from 'zod';
import { demoLegalPerson } from '#tests/emulators/counter.ts';
import { prepareSimulatedTokens } from '#tests/emulators/signing-token/simulated-token.ts';
import { askPostgres, findPostgres } from './postgres.ts';

const factsSchema = z.object({
  /** ISO UTC. */
  madeAt: z.string(),
  pin: z.string(),
  /** Password of each account at the desk. */
  accounts: z.record(z.string(), z.string()),
  companies: z.record(
    z.enum(['subject', 'otherCompany']),
    z.object({ companyName: z.string(), creditCode: z.string() }),
  ),
  /** Id of each record by what it is there for. */
  records: z.record(z.string(), z.string()),
  /** In the station's outbox. */
  queued: z.array(z.string()),
  /** Received by the server, and not all of them judged. */
  inHand: z.array(z.string()),
  stacks: z.array(z.string()),
  /** State of each record of the first company on the station. */
  states: z.record(z.string(), z.string()),
  server: z.array(z.object({ id: z.string(), state: z.string(), unique_code: z.string().nullable() })),
  /** File in `sealed/` of each record that has one. */
  pdfs: z.record(z.string(), z.string()),
  /** Ed25519 key in PEM of a second station. */
  station2: z.string(),
});
export type FixtureFacts = z.infer<typeof factsSchema>;

export interface Fixture {
  folder: string;
  place(...names: string[]): string;
  facts: FixtureFacts;
  /** PEM of the authority that certified the fixture's keys, and those of the time authority. */
  trustAnchor: string;
  /** Rows of the server's database as the earlier version wrote them; SQLite, before it is lifted. */
  oldRows<T>(sql: string): T[];
  /** The server's database as the earlier version had it on PostgreSQL, put into the empty `url`. */
  fillPostgres(url: string): void;
  /** The station's profile with keys of the same companies, and its line to the server at `serverUrl`. Call it before the agent starts. */
  prepareStation(serverUrl: string): Promise<{ profileFile: string; dataFolder: string }>;
  remove(): void;
}

export function unpackFixture(name: string): Fixture {
  const folder = mkdtempSync(join(tmpdir(), 'ludeng-fixture-'));
  const archive = fileURLToPath(new URL(`../fixtures/${name}/station-and-server.tar.zst`, import.meta.url));
  const tar = zstdDecompressSync(readFileSync(archive), {
    params: { [constants.ZSTD_d_windowLogMax]: 27 },
  });
  execFileSync('tar', ['-x', '--no-same-owner', '-C', folder], { input: tar });
  const place = (...names: string[]): string => join(folder, ...names);
  const facts = factsSchema.parse(JSON.parse(readFileSync(place('facts.json'), 'utf8')));
  const trustAnchor = readFileSync(place('authority.pem'), 'utf8');

  return {
    folder,
    place,
    facts,
    trustAnchor,
    oldRows<T>(sql: string): T[] {
      const db = new Database(place('server', 'server.sqlite'));
      try {
        // the caller names the columns and what they hold
        return db.prepare(sql).all() as T[];
      } finally {
        db.close();
      }
    },
    fillPostgres(url) {
      const psql = join(findPostgres() ?? '', 'psql');
      execFileSync(psql, ['-q', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', place('server-postgres.sql')], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    },
    async prepareStation(serverUrl) {
      const { subject, otherCompany } = facts.companies;
      const { driver } = await prepareSimulatedTokens({
        folder: place('ukey'),
        holders: [
          { ...subject, pin: facts.pin },
          { ...demoLegalPerson, pin: facts.pin },
          { ...otherCompany, pin: facts.pin, keyKind: 'ec' },
        ],
      });
      // an enrolled station stays with its server: the address is the only thing that is not as it was
      const db = new Database(place('station', 'store.db'));
      db.prepare(`update identity set enrolment = json_set(enrolment, '$.serverUrl', ?)`).run(serverUrl);
      db.close();
      const profileFile = place('station-now.yaml');
      writeFileSync(
        profileFile,
        stringify({
          stationId: 'station-1',
          stationName: '一号采集站',
          programme: 'liaoning-subject-library',
          server: { url: serverUrl },
          port: 0,
          findScanners: false,
          tokenDrivers: [driver],
          trustAnchorFiles: ['authority.pem'],
          simulated: ['UKey'],
        }),
      );
      return { profileFile, dataFolder: place('station') };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An empty database of its own in the PostgreSQL at `admin`. */
export async function createDatabase(admin: string, name: string): Promise<string> {
  await askPostgres(admin, `create database ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.href;
}
