/** The whole way of the data through the real parts, without a page: paper in, decision back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LudengRecord } from '#domain/record/schema.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { demoQualification, drawConstructionQualification } from '#tests/support/documents.ts';
import { photograph } from '#tests/support/photograph.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

let whole: WholeStation;

beforeAll(async () => {
  whole = await startWholeStation();
});
afterAll(() => whole.close());

async function login(): Promise<{ tokenId: string; certificateId: string }> {
  const { station } = whole;
  const [token] = await station.call('tokens');
  const certificate = token?.certificates.find(({ use }) => use === 'sign');
  if (!token || !certificate) throw new Error('no token');
  await station.call('login', { body: { tokenId: token.id, certificateId: certificate.id, pin: demoPin } });
  await station.call('role', { body: { role: 'bidder' } });
  return { tokenId: token.id, certificateId: certificate.id };
}

async function record(id: string): Promise<LudengRecord> {
  return whole.station.call('record', { params: { id } });
}

test('a photographed certificate becomes a green light, survives a server that is down, and its decision comes back', async () => {
  const { station } = whole;
  const key = await login();
  const created = await station.call('createRecord', {
    body: {
      kind: 'qualification-grade',
      answers: { certificateType: 'construction-general-building', isMain: 'yes' },
    },
  });
  const params = { id: created.id, slot: 'certificate' };
  const picture = await photograph(await drawConstructionQualification(demoQualification), {
    turnDeg: 3,
    seed: 5,
  });
  const captured = await station.finished(
    await station.call('capture', { params, query: { source: 'camera' }, body: picture.jpeg }),
  );
  expect(captured.recognised?.[0]?.documentType).toBe('construction-qualification');

  let current = await record(created.id);
  const values = {
    companyName: demoQualification.companyName,
    qualificationName: '建筑工程施工总承包',
    grade: '一级',
    qualificationCategoryAndGrade: demoQualification.qualificationCategoryAndGrade,
    certificateNumber: demoQualification.certificateNumber,
    issuingAuthority: demoQualification.issuingAuthority,
    validUntil: '2030-12-31',
    creditCode: demoQualification.creditCode,
    legalRepresentative: demoQualification.legalRepresentative,
  };
  current = await station.call('editValues', {
    params,
    body: { revision: current.revision, values, confirmed: true },
  });

  await whole.stopServer();
  await station.finished(
    await station.call('seal', { params, body: { revision: current.revision, ...key, pin: demoPin } }),
  );
  current = await record(created.id);
  const job = await station.finished(
    await station.call('save', { params, body: { revision: current.revision } }),
  );
  expect(job.checked?.verdict.light).toMatch(/green|yellow/);

  current = await record(created.id);
  current = await station.call('submit', { params, body: { revision: current.revision } });
  expect(current.state).toBe('submitted');
  await station.call('push', { params, body: { field: await pushField() } });

  await whole.startServer();
  const stored = await eventually('the server stores the record', async () => {
    const now = await record(created.id);
    if (now.state === 'rejected') throw new Error(JSON.stringify(now.rejection));
    return now.state === 'stored' ? now : undefined;
  });
  expect(stored.uniqueCode).toBeTruthy();
  const pushed = await eventually('the push is under review or decided', async () => {
    const [push] = (await record(created.id)).pushes;
    return push && push.state !== 'queued' ? push : undefined;
  });
  expect(pushed.state).toMatch(/under-review|approved/);
});

async function pushField(): Promise<string> {
  const catalogue = await whole.station.call('catalogue');
  const liaoning = catalogue.programmes.find(({ id }) => id === 'liaoning-subject-library');
  const id = liaoning?.pushFields[0]?.id;
  if (!id) throw new Error('no push field');
  return id;
}
