import { linkRules } from '#domain/record/links.ts';
import { join } from 'node:path';
import { createPdfInspector } from '#sealing/inspection/inspector.ts';
import { createRevocationLists } from '#sealing/revocation-lists.ts';
import { keyPathOf, openBlobs } from '../choose-stores.ts';
import { anchorsOf } from '../demonstration.ts';
import { createHighWater, installationOf } from '../high-water.ts';
import type { HighWater } from '../high-water.ts';
import { keepFilesPrivate } from '../keep-files-private.ts';
import { openServerKey } from '../keys/server-key.ts';
import type { RecordRows } from '../ports/case-rows.ts';
import { refuseWrongDatabase } from '../refuse-wrong-database.ts';
import { createIssueCredential } from '../services/credentials/issue-credential.ts';
import { createVerificationCodes } from '../services/credentials/verification-codes.ts';
import { createKeyProofs } from '../seals/key-proofs.ts';
import { createPdfSeals } from '../seals/pdf-seals.ts';
import { createAtomicRows } from '../store/atomic-rows.ts';
import { createCaseRows } from '../store/case-rows.ts';
import { createCredentialRows } from '../store/credential-rows.ts';
import { createCatalogueRows } from '../store/catalogue-rows.ts';
import { findFact, findOrMakeFact } from '../store/facts.ts';
import type { FiledRecordRows } from '../ports/filed-record-rows.ts';
import { createFiledRecordRows } from '../store/filed-record-rows.ts';
import { createFeedRows } from '../store/feed-rows.ts';
import { createItemRows } from '../store/item-rows.ts';
import { createJobRows } from '../store/job-rows.ts';
import { openStore } from '../store/open-store.ts';
import { createLinkRows } from '../store/record-links.ts';
import { createRecordRows } from '../store/record-rows.ts';
import { createRegisterRows } from '../store/register-rows.ts';
import { createStationRows } from '../store/station-rows.ts';
import { createSubscriptionRows } from '../store/subscription-rows.ts';
import type { Start } from './start.ts';

export type Stores = Awaited<ReturnType<typeof openStores>>;

/** Throws STORE_LOCKED, and in words for the administrator what is wrong with database, key or pages. */
export async function openStores({ settings, catalogue, log, clock, makeId, isNew, opened }: Start) {
  const revocationLists = createRevocationLists({
    sources: settings.revocationLists,
    folder: join(settings.dataFolder, 'revocation-lists'),
    now: clock.now,
    onError: (trouble) => log.warn(trouble, 'revocation list'),
  });
  const tightening = keepFilesPrivate(settings, log);
  opened.defer(() => tightening.done);
  // its children start with the first sealed file
  const inspector = createPdfInspector({
    onError: (text) => log.error({ text }, 'fault in the reader of PDFs'),
  });
  opened.defer(() => inspector.close());
  const trustAnchors = anchorsOf(settings, log);
  const seals = createPdfSeals({
    ...settings,
    trustAnchors,
    revocation: revocationLists.check,
    opener: inspector,
  });

  const keyProofs = createKeyProofs({ ...settings, trustAnchors, revocation: revocationLists.check });

  const { db, pool, flush, close } = await openStore({
    folder: settings.dataFolder,
    database: settings.database,
    onConnectionLost: (error) => log.warn({ error }, 'connection to the database lost'),
  });
  opened.defer(close);
  opened.defer(revocationLists.start());
  const { blobs, close: closeBlobs } = openBlobs(settings);
  opened.defer(closeBlobs);
  const checked = await refuseWrongDatabase({ settings, db, blobs, catalogue, isNew, clock, log });
  const serverKey = openServerKey(keyPathOf(settings), await findFact(db, 'server-key'));
  // of two first processes with a key each, one was there first
  openServerKey(keyPathOf(settings), await findOrMakeFact(db, 'server-key', serverKey.publicKeyPem));
  checked.done();
  const highWater = createHighWater({
    db,
    flush,
    folder: settings.dataFolder,
    installation: installationOf(serverKey.publicKeyPem),
    log,
  });
  opened.defer(() => highWater.stop());
  const stations = createStationRows(db);
  const items = createItemRows(db, flush);
  const feed = createFeedRows(db, await findOrMakeFact(db, 'feed-epoch', makeId()));
  const records = keepingNumbers(createRecordRows(db), highWater);
  const lockRules = catalogue.programmes.flatMap(({ locks }) => locks ?? []);
  const verificationCodes = createVerificationCodes({ serverKey });
  const issueCredential = createIssueCredential({ catalogue, serverKey, verificationCodes });
  const cases = createCaseRows(db, lockRules, issueCredential, linkRules(catalogue));
  const registers = createRegisterRows(db, lockRules);
  const catalogues = createCatalogueRows(db);
  await catalogues.add(catalogue, clock.now());
  await highWater.keep();

  return {
    ...{ db, pool, flush, blobs, seals, keyProofs, trustAnchors, serverKey },
    ...{ stations, items, feed, records, cases, registers, lockRules, catalogues },
    ...{ verificationCodes, issueCredential, credentials: createCredentialRows(db) },
    filedRecords: keepingNumbersOf(createFiledRecordRows(db), highWater),
    links: createLinkRows(db, catalogue),
    subscriptions: createSubscriptionRows(db),
    atomic: createAtomicRows(db),
    jobRows: createJobRows(db),
  };
}

const keepingNumbersOf = (rows: FiledRecordRows, highWater: HighWater): FiledRecordRows => ({
  async file(filed) {
    const stored = await rows.file(filed);
    await highWater.keep();
    return stored;
  },
});

/** A unique code is noted beside the database before its station hears of it. */
const keepingNumbers = (records: RecordRows, highWater: HighWater): RecordRows => ({
  ...records,
  async store(input) {
    const isStored = await records.store(input);
    await highWater.keep();
    return isStored;
  },
});
