/** A licence with a QR code through the real reader: the code is read from the page's pixels and compared. */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getDocumentType } from '#domain/catalogue/lookup.ts';
import { decideMaterial } from '#domain/verdict/decide-material.ts';
import { gatherEvidence } from '#paper/evidence/gather-evidence.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';
import { demoLicence, drawBusinessLicence } from '#tests/support/documents.ts';

const documentType = getDocumentType(loadCatalogue(), 'business-licence');
const otherCode = '91210103MA0P4X7Y6N';
let reader: ManagedPaperReader;

beforeAll(() => {
  const modelFolder = fileURLToPath(new URL('../../models/weights', import.meta.url));
  reader = createPaperReader({ modelFolder, threads: 2 });
});
afterAll(() => reader.close());

test('a licence whose QR code says another credit code than the claim is red, and the reason names both', async () => {
  const wait = { signal: new AbortController().signal, timeoutMs: 90_000 };
  const picture = await drawBusinessLicence(demoLicence, {
    code: `http://licence.example/i?uniscid=${otherCode}`,
  });
  // As the straightened page of a document camera: 200 dots an inch, a little soft, JPEG.
  const { data, info } = await sharp(picture.png)
    .resize({ width: Math.round((picture.widthMm / 25.4) * 200) })
    .blur(0.7)
    .jpeg({ quality: 85 })
    .toBuffer({ resolveWithObject: true });
  const page = { jpeg: new Uint8Array(data), widthPx: info.width, heightPx: info.height };
  const { codes, lines } = await reader.readPage(page.jpeg, { ...wait, reads: ['lines', 'codes'] });
  expect(codes.map(({ format, text }) => [format, text])).toEqual([
    [expect.stringContaining('QRCode'), `http://licence.example/i?uniscid=${otherCode}`],
  ]);
  const [left = 0, top = 0] = codes[0]?.box[0] ?? [];
  expect(left / page.widthPx).toBeGreaterThan(0.75);
  expect(top / page.heightPx).toBeLessThan(0.35);

  const line = lines.find(({ text }) => text.includes(demoLicence.creditCode));
  if (!line) throw new Error('the credit code was not read');
  const values = { creditCode: demoLicence.creditCode };
  const evidence = await gatherEvidence({
    documentType,
    values,
    chip: {},
    marks: { creditCode: [{ page: 0, box: line.box }] },
    page: () => Promise.resolve(page.jpeg),
    reader,
    signal: wait.signal,
  });
  expect(evidence['creditCode']?.codes).toHaveLength(1);
  const verdict = decideMaterial({ documentType, values, evidence, otherMaterials: [], day: '2025-01-01' });
  const field = verdict.fields.find(({ field: id }) => id === 'creditCode');
  expect(field?.light).toBe('red');
  expect(field?.reasons.map(({ code }) => code)).toEqual(['code-differs']);
  expect(field?.reasons[0]?.text).toContain(otherCode);
  // The same paper with nothing claimed against the code: what was read is not the code's fault.
  const { codes: _codes, ...unread } = evidence['creditCode'] ?? { claim: '', marks: [], recognised: '' };
  const without = decideMaterial({
    documentType,
    values,
    evidence: { creditCode: unread },
    otherMaterials: [],
    day: '2025-01-01',
  });
  expect(without.fields.find(({ field: id }) => id === 'creditCode')?.light).toBe('green');
});
