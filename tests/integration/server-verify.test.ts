import { z } from 'zod';
import { isIdentifier } from '#domain/credentials/identifier.ts';
import { chinaYear } from '#domain/primitives.ts';
import { createPublicKey, verify } from 'node:crypto';
import { PDFDocument, PDFName } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getDocumentType } from '#domain/catalogue/lookup.ts';
import { decideMaterial } from '#domain/verdict/decide-material.ts';
import { isUniqueCode, makeUniqueCode } from '#domain/record/unique-code.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { Change } from '#domain/sync/change.ts';
import { sealBlindly } from '#tests/support/forged-revisions.ts';
import { createTestAuthority, createTestCompany } from '#tests/support/sealed-material.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import {
  authority,
  authorityPem,
  company,
  makeCatalogue,
  makeSealedSubmission,
  subject,
} from './server-fixtures.ts';
import type { Submission, SubmissionOptions } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makeItem,
  makePush,
  queryStore,
  startTestServer,
} from './server-support.ts';
import type { TestStation } from './server-support.ts';

const catalogue = makeCatalogue();
const data = makeDataFolder();
const identity = makeIdentity();
let server: RunningServer;
let station: TestStation;
let seq = 0;

beforeAll(async () => {
  server = await startTestServer(data.folder, { trustAnchors: [authorityPem] }, { catalogue });
  await enrol(server.url, identity);
  station = await connectStation(server.url, identity);
});
afterAll(async () => {
  station.close();
  await server.close();
  data.remove();
});

async function submit(
  options: Partial<SubmissionOptions> = {},
): Promise<Submission & { answer: Record<string, unknown> }> {
  const submission = await makeSealedSubmission({
    catalogue,
    stationId: identity.stationId,
    seq: (seq += 1),
    ...options,
  });
  await station.upload(submission.item);
  await station.commit(submission.item.commit);
  const { id } = submission.record;
  const isOf = (change: Change) =>
    'recordId' in change && change.recordId === id && change.kind.startsWith('record-');
  const changes = await station.pullUntil((list) => list.some(({ change }) => isOf(change)));
  return { ...submission, answer: { ...changes.find(({ change }) => isOf(change))?.change } };
}

/** What the station is told of the certificate's 查验码. */
async function verificationCodeOf(recordId: string): Promise<string> {
  const find = (list: readonly { change: Change }[]) =>
    list.flatMap(({ change }) =>
      change.kind === 'certificate-code' && change.recordId === recordId ? change.verificationCode : [],
    );
  return find(await station.pullUntil((list) => find(list).length > 0))[0] ?? '';
}

async function lookUp(uniqueCode: unknown, verificationCode?: string): Promise<Response> {
  const query = verificationCode === undefined ? '' : `?${new URLSearchParams({ verificationCode })}`;
  return fetch(`${server.url}/api/certificates/${String(uniqueCode)}${query}`);
}

const withMaterial = (
  record: LudengRecord,
  change: (material: LudengRecord['materials'][number]) => Partial<LudengRecord['materials'][number]>,
): LudengRecord => ({
  ...record,
  materials: record.materials.map((material) => ({ ...material, ...change(material) })),
});

/** A green verdict that follows from its evidence, which speaks of a mark that the seal does not cover. */
function withForgedMarks(record: LudengRecord): LudengRecord {
  const forged = withMaterial(record, ({ checked, marks, values }) => {
    if (!checked) return {};
    const { companyName, address } = checked.evidence;
    if (!companyName || !address) return {};
    const evidence = { companyName, address: { ...address, marks: marks['companyName'] ?? [] } };
    const documentType = getDocumentType(catalogue, 'test-paper');
    const { day } = checked;
    const verdict = decideMaterial({ documentType, values, evidence, subject, otherMaterials: [], day });
    expect(verdict.light).toBe('green');
    return { checked: { ...checked, evidence, verdict } };
  });
  return { ...forged, light: 'green' };
}

const companyNamed = (companyName: string): ReturnType<typeof createTestCompany> =>
  createTestCompany(authority, { subject: { companyName, creditCode: subject.creditCode } });

describe('what the server accepts', () => {
  it('issues the digital certificate in the name that the signer’s authority wrote', async () => {
    const written = '辽宁沈北 建设工程有限公司';
    const { answer, record } = await submit({ signer: companyNamed(written) });
    expect(answer['kind']).toBe('record-stored');
    const response = await lookUp(answer['uniqueCode'], await verificationCodeOf(record.id));
    const { body } = (await response.json()) as { body: string };
    expect(JSON.parse(body)).toMatchObject({ subject: { ...subject, name: written } });
  });

  it('stores a green record with a unique code and a digital certificate that anybody can check', async () => {
    const { answer, record } = await submit();
    expect(answer).toMatchObject({ kind: 'record-stored', recordId: record.id });
    const code = String(answer['uniqueCode']);
    expect(isUniqueCode(code)).toBe(true);

    const response = await lookUp(code, await verificationCodeOf(record.id));
    const shown = z
      .object({ identifier: z.string(), body: z.string(), signature: z.string(), issuedAt: z.string() })
      .parse(await response.json());
    expect(isIdentifier(shown.identifier)).toBe(true);
    expect(answer['digitalCertificate']).toEqual({
      identifier: shown.identifier,
      uniqueCode: code,
      issuedAt: shown.issuedAt,
      signature: shown.signature,
    });
    const key = createPublicKey(server.publicKey);
    expect(verify(null, Buffer.from(shown.body), key, Buffer.from(shown.signature, 'base64'))).toBe(true);
    expect(JSON.parse(shown.body)).toMatchObject({ uniqueCode: code, recordId: record.id, subject });
    expect(shown.body).not.toContain('沈北新区道义南大街');
  });

  it('stores a yellow record without a certificate', async () => {
    const { answer } = await submit({ light: 'yellow' });
    expect(answer['kind']).toBe('record-stored');
    expect(answer['digitalCertificate']).toBeUndefined();
    expect((await lookUp(answer['uniqueCode'])).status).toBe(404);
  });

  it('shows nothing to whoever counts through the unique codes, and tells not which of them exist', async () => {
    const one = await submit();
    const other = await submit();
    const code = String(one.answer['uniqueCode']);
    const right = await verificationCodeOf(one.record.id);
    const ofOther = await verificationCodeOf(other.record.id);
    expect(right).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
    expect(ofOther).not.toBe(right);
    const year = chinaYear(Date.now());
    const unknown = makeUniqueCode({ prefix: 'TEST', year, serial: 90_000_000 });
    const spoilt = `${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}`;
    const told = async (answer: Response) => {
      const { traceId: _traceId, ...body } = (await answer.json()) as Record<string, unknown>;
      // the length follows from the number of the request in the trace's id
      const { date: _date, 'content-length': _length, ...headers } = Object.fromEntries(answer.headers);
      return JSON.stringify({ status: answer.status, body, headers });
    };
    for (const wrong of [undefined, '', ofOther, spoilt, right.slice(0, -1), `${right}0`, code]) {
      const [ofKnown, ofUnknown] = [
        await told(await lookUp(code, wrong)),
        await told(await lookUp(unknown, wrong)),
      ];
      expect(ofKnown).toContain('"status":404');
      expect(ofKnown.replaceAll(code, '*')).toBe(ofUnknown.replaceAll(unknown, '*'));
      expect(ofKnown).not.toContain(subject.name);
    }
    const printed = right.toLowerCase().replace(/(.{4})(?=.)/g, '$1-');
    for (const typed of [right, printed]) expect((await lookUp(code, typed)).status).toBe(200);
  });

  it('marks the record as superseded that a supplement replaces', async () => {
    const first = await submit({ light: 'yellow' });
    const second = await submit({ supersedes: first.record.id });
    expect(second.answer['kind']).toBe('record-stored');
    const states = await queryStore<{ state: string }>(
      data.folder,
      'select state from record where id in (?, ?) order by id',
      first.record.id,
      second.record.id,
    );
    expect(states).toEqual([{ state: 'superseded' }, { state: 'stored' }]);
  });
});

/** Some 400 bytes that held up whoever walked the form's fields, and after a restart again. */
const endlessField = Buffer.from(
  [
    '%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>\nendobj\n',
    '2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n',
    '3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n',
    '4 0 obj\n<</FT/Sig/T(a)/Kids[4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R]>>\nendobj\n',
    'trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n0\n%%EOF\n',
  ].join(''),
);

const stranger = createTestCompany(authority, {
  subject: { companyName: '别的公司有限公司', commonName: '王芳' },
  serialNumber: Uint8Array.of(77),
});

/** The company's own key, over a page that paints red and only names the checked picture. */
async function sealAgain(sealed: Uint8Array): Promise<Uint8Array> {
  const eof = Buffer.from(sealed).indexOf('%%EOF', 0, 'latin1') + '%%EOF'.length;
  const document = await PDFDocument.load(sealed.subarray(0, eof), { updateMetadata: false });
  const { context } = document;
  const paint = context.register(context.flateStream('1 0 0 rg 0 0 600 900 re f'));
  document.getPage(0).node.set(PDFName.of('Contents'), context.obj([paint]));
  return sealBlindly(company, await document.save({ useObjectStreams: false }));
}

describe('what the server refuses', () => {
  const cases: [string, string, Partial<SubmissionOptions>][] = [
    [
      'values beside the PDF that differ from the sealed ones',
      'SIGNATURE_INVALID',
      { spoilRecord: (r) => withMaterial(r, (m) => ({ values: { ...m.values, address: '别处' } })) },
    ],
    [
      'a sealed content of another record',
      'SIGNATURE_INVALID',
      {
        spoilContent: (content) => ({ ...content, recordId: '01K00000000000000000000000' }),
      },
    ],
    [
      'a page that is not the one in the PDF',
      'SIGNATURE_INVALID',
      {
        spoilRecord: (r) =>
          withMaterial(r, (m) => ({ pages: m.pages.map((p) => ({ ...p, sha: 'a'.repeat(64) })) })),
      },
    ],
    [
      'a page named in the sealed content that the PDF does not show',
      'HASH_MISMATCH',
      {
        spoilContent: (content) => ({
          ...content,
          pages: content.pages.map((p) => ({ ...p, sha: 'b'.repeat(64) })),
        }),
        spoilRecord: (r) =>
          withMaterial(r, (m) => ({ pages: m.pages.map((p) => ({ ...p, sha: 'b'.repeat(64) })) })),
      },
    ],
    [
      'bytes after the seal',
      'SIGNATURE_INVALID',
      { spoilPdf: (pdf) => Buffer.concat([pdf, Buffer.from('\n%%EOF\n')]) },
    ],
    [
      'a flipped byte under the seal',
      'SIGNATURE_INVALID',
      {
        spoilPdf: (pdf) => {
          const spoilt = Uint8Array.from(pdf);
          spoilt[400] = (spoilt[400] ?? 0) ^ 1;
          return spoilt;
        },
      },
    ],
    ['a field that is its own kid', 'SIGNATURE_INVALID', { spoilPdf: () => endlessField }],
    ['a file that is no PDF', 'SIGNATURE_INVALID', { spoilPdf: () => Buffer.from('no PDF') }],
    ['the seal of another company', 'CERTIFICATE_OF_OTHER_SUBJECT', { signer: createTestCompany(authority) }],
    [
      'a green record in another name than the seal’s, with the same code',
      'CERTIFICATE_OF_OTHER_SUBJECT',
      { signer: companyNamed('辽宁沈北建设工程集团有限公司') },
    ],
    [
      'the seal of a person’s key that names no company',
      'CERTIFICATE_OF_OTHER_SUBJECT',
      { signer: companyNamed('王小明') },
    ],
    [
      'the seal of a person whom the record does not name, beside the company’s',
      'CERTIFICATE_OF_OTHER_SUBJECT',
      { spoilPdf: (pdf) => sealBlindly(stranger, pdf) },
    ],
    [
      'a page whose content shows another picture',
      'SIGNATURE_INVALID',
      { spoilPdf: (pdf) => sealAgain(pdf) },
    ],
    [
      'a seal of an authority nobody recognises',
      'SIGNATURE_INVALID',
      {
        signer: createTestCompany(createTestAuthority('陌生认证中心'), {
          subject: { companyName: subject.name, creditCode: subject.creditCode },
        }),
      },
    ],
    [
      'a red record',
      'RED_LIGHT',
      { companyName: '别的公司有限公司', spoilRecord: (r) => ({ ...r, light: 'yellow' }) },
    ],
    [
      'a red record that calls itself green',
      'RED_LIGHT',
      {
        companyName: '别的公司有限公司',
        spoilRecord: (r) => ({
          ...withMaterial(r, (m) => ({
            ...(m.checked
              ? { checked: { ...m.checked, verdict: { ...m.checked.verdict, light: 'green' as const } } }
              : {}),
          })),
          light: 'green',
        }),
      },
    ],
    [
      'a yellow record that calls itself green',
      'VERDICT_MISMATCH',
      {
        light: 'yellow',
        spoilRecord: (r) => ({
          ...withMaterial(r, (m) => ({
            ...(m.checked
              ? { checked: { ...m.checked, verdict: { ...m.checked.verdict, light: 'green' as const } } }
              : {}),
          })),
          light: 'green',
        }),
      },
    ],
    [
      'evidence of marks that were not sealed',
      'VERDICT_MISMATCH',
      { light: 'yellow', spoilRecord: withForgedMarks },
    ],
    [
      'a check with a configuration nobody knows',
      'CATALOGUE_UNKNOWN',
      {
        spoilRecord: (r) =>
          withMaterial(r, (m) =>
            m.checked ? { checked: { ...m.checked, catalogueHash: 'f'.repeat(64) } } : {},
          ),
      },
    ],
    [
      'a record without its material',
      'NO_PAGES',
      { spoilRecord: (r) => withMaterial(r, () => ({ pages: [] })) },
    ],
  ];

  it.each(cases)('refuses %s', async (_name, code, options) => {
    const { answer } = await submit(options);
    expect(answer).toMatchObject({ kind: 'record-rejected', code });
    expect(String(answer['message'])).toMatch(/[\u4e00-\u9fff]/);
  });

  it('refuses a supplement that changes a key field', async () => {
    const first = await submit({ light: 'yellow' });
    const { answer } = await submit({ supersedes: first.record.id, companyName: '别的公司有限公司' });
    expect(answer).toMatchObject({ kind: 'record-rejected' });
  });

  it('takes a refused record that was mended under the same id', async () => {
    const refused = await submit({ spoilPdf: () => Buffer.from('no PDF either') });
    const mended = await submit({
      spoilContent: (content) => ({ ...content, recordId: refused.record.id }),
      spoilRecord: (record) => ({ ...record, id: refused.record.id }),
    });
    expect(refused.answer['kind']).toBe('record-rejected');
    await station.pullUntil((list) =>
      list.some(({ change }) => change.kind === 'record-stored' && change.recordId === mended.record.id),
    );
  });

  it('keeps a stored record when it is sent again, and parks the newcomer with an alarm', async () => {
    const first = await submit();
    const again = await makeSealedSubmission({
      catalogue,
      stationId: identity.stationId,
      seq: (seq += 1),
      spoilRecord: (record) => ({ ...record, id: first.record.id }),
    });
    await station.upload(again.item);
    await station.commit(again.item.commit);
    await expect
      .poll(() => queryStore(data.folder, 'select state from job where ref_id = ?', again.item.commit.id), {
        timeout: 10_000,
      })
      .toEqual([{ state: 'parked' }]);
    expect(await queryStore(data.folder, `select id from alarm where kind = 'job-parked'`)).not.toEqual([]);
    expect((await submit()).answer['kind']).toBe('record-stored');
  });
});

describe('pushes', () => {
  it('waits for the record, opens a case at the department, and tells the station', async () => {
    const submission = await makeSealedSubmission({
      catalogue,
      stationId: identity.stationId,
      seq: (seq += 2),
    });
    const { item, pushId } = makePush(seq - 1, submission.record.id, 'housing');
    await station.commit(item.commit);
    await expect
      .poll(() => queryStore(data.folder, 'select waits_for from job where ref_id = ?', item.commit.id), {
        timeout: 10_000,
      })
      .toEqual([{ waits_for: submission.record.id }]);

    await station.upload(submission.item);
    await station.commit(submission.item.commit);
    const changes = await station.pullUntil((list) =>
      list.some(({ change }) => change.kind === 'push-state' && change.pushId === pushId),
    );
    expect(changes.at(-1)?.change).toMatchObject({ kind: 'push-state', pushId, state: 'under-review' });
    expect(
      await queryStore(data.folder, 'select department, state from case_file where push_id = ?', pushId),
    ).toEqual([{ department: '房建处', state: 'open' }]);
  });

  it('has one case for a push that comes as two items', async () => {
    const { record } = await submit();
    const { item, pushId } = makePush((seq += 1), record.id, 'water');
    await station.commit(item.commit);
    const { commit } = makeItem('push', (seq += 1), item.commit.payload);
    await station.commit(commit);
    await expect
      .poll(() => queryStore(data.folder, `select state from job where ref_id = ?`, commit.id), {
        timeout: 10_000,
      })
      .toEqual([{ state: 'done' }]);
    expect(await queryStore(data.folder, 'select id from case_file where push_id = ?', pushId)).toHaveLength(
      1,
    );
    expect(
      await queryStore(
        data.folder,
        `select id from effect where kind = 'case-opened' and ref_id = ?`,
        pushId,
      ),
    ).toHaveLength(1);
  });

  it('decides at once where the machine may: a green record is approved', async () => {
    const { record } = await submit({ kind: 'by-machine' });
    const { item, pushId } = makePush((seq += 1), record.id, 'housing');
    await station.commit(item.commit);
    const changes = await station.pullUntil((list) =>
      list.some(
        ({ change }) =>
          change.kind === 'push-state' && change.pushId === pushId && change.state === 'approved',
      ),
    );
    const mine = changes.flatMap(({ change }) =>
      change.kind === 'push-state' && change.pushId === pushId ? [change.state] : [],
    );
    expect(mine).toEqual(['under-review', 'approved']);
  });

  it('leaves a yellow record to a person where the machine may decide green ones', async () => {
    const { record } = await submit({ kind: 'by-machine', light: 'yellow' });
    const { item, pushId } = makePush((seq += 1), record.id, 'housing');
    await station.commit(item.commit);
    await station.pullUntil((list) =>
      list.some(({ change }) => change.kind === 'push-state' && change.pushId === pushId),
    );
    expect(await queryStore(data.folder, 'select state from case_file where push_id = ?', pushId)).toEqual([
      { state: 'open' },
    ]);
  });

  it('refuses the push of a refused record with its reason', async () => {
    const { record, answer } = await submit({ spoilPdf: () => Buffer.from('still no PDF') });
    const { item, pushId } = makePush((seq += 1), record.id, 'housing');
    await station.commit(item.commit);
    const changes = await station.pullUntil((list) =>
      list.some(({ change }) => change.kind === 'push-state' && change.pushId === pushId),
    );
    expect(changes.at(-1)?.change).toMatchObject({ state: 'refused', opinion: answer['message'] });
  });
});

it('pokes the station for each change, and numbers its feed without a gap', async () => {
  const { changes } = await station.pull();
  expect(changes.map((change) => change.seq)).toEqual(changes.map((_, index) => index + 1));
  await expect.poll(() => station.heard.pokes.at(-1)).toBe(changes.length);
});
