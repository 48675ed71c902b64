/** One drawn photograph of each document type through the real reader: kind and fields that must come out right. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getDocumentType } from '#domain/catalogue/lookup.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import { extractFields } from '#domain/reading/extract-fields.ts';
import { recogniseDocumentType } from '#domain/reading/recognise-document-type.ts';
import * as drawn from '#tests/support/documents.ts';
import type { DocumentPicture } from '#tests/support/documents.ts';
import { photograph } from '#tests/support/photograph.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';

const catalogue = loadCatalogue();
const timeoutMs = 90_000;
let reader: ManagedPaperReader;

beforeAll(() => {
  const modelFolder = fileURLToPath(new URL('../../models/weights', import.meta.url));
  reader = createPaperReader({ modelFolder, threads: 2 });
});
afterAll(() => reader.close());

async function readPhotographs(pictures: readonly DocumentPicture[]) {
  const pages = [];
  for (const [index, picture] of pictures.entries()) {
    const { jpeg } = await photograph(picture, { seed: 7 + index });
    const wait = { signal: new AbortController().signal, timeoutMs };
    for (const page of await reader.openDocument(jpeg, wait)) {
      const { lines } = await reader.readPage(page.jpeg, wait);
      pages.push({ lines, widthPx: page.widthPx, heightPx: page.heightPx });
    }
  }
  return pages;
}

const { demoAward, demoInsurance } = drawn;

/** Kind, drawing, and by field what stands on the paper. */
const papers: {
  kind: string;
  title: string;
  draw: () => Promise<DocumentPicture[]>;
  onPaper: Record<string, string>;
}[] = [
  {
    kind: 'business-licence',
    title: 'a business licence',
    draw: async () => [await drawn.drawBusinessLicence(drawn.demoLicence)],
    onPaper: pick(drawn.demoLicence, ['companyName', 'creditCode', 'legalRepresentative', 'companyType']),
  },
  {
    kind: 'construction-qualification',
    title: 'a qualification certificate',
    draw: async () => [await drawn.drawConstructionQualification(drawn.demoQualification)],
    onPaper: {
      ...pick(drawn.demoQualification, ['companyName', 'certificateNumber', 'validUntil']),
      qualificationName: '建筑工程施工总承包',
      grade: '壹级',
    },
  },
  {
    kind: 'resident-id-card',
    title: 'both sides of an ID card',
    draw: () =>
      Promise.all([drawn.drawIdCardFront(drawn.demoIdCard), drawn.drawIdCardBack(drawn.demoIdCard)]),
    onPaper: pick(drawn.demoIdCard, ['name', 'idNumber', 'issuer', 'validity']),
  },
  {
    kind: 'safety-production-licence',
    title: 'a safety production licence',
    draw: async () => [await drawn.drawSafetyProductionLicence(drawn.demoSafetyLicence)],
    onPaper: pick(drawn.demoSafetyLicence, ['companyName', 'certificateNumber', 'validity']),
  },
  {
    kind: 'management-system-certificate',
    title: 'a management system certificate with centred lines',
    draw: async () => [await drawn.drawManagementSystemCertificate(drawn.demoManagementSystem)],
    onPaper: pick(drawn.demoManagementSystem, [
      'companyName',
      'certificateName',
      'certificateNumber',
      'scope',
      'validUntil',
    ]),
  },
  {
    kind: 'award-notice',
    title: 'an award notice with a table',
    draw: async () => [await drawn.drawAwardNotice(demoAward)],
    onPaper: pick(demoAward, ['sectionName', 'winner', 'amount', 'projectManager', 'tenderer', 'scale']),
  },
  {
    kind: 'award-notice',
    title: 'an award notice that is a letter',
    draw: async () => [await drawn.drawAwardLetter(demoAward)],
    onPaper: pick(demoAward, ['sectionName', 'winner', 'amount', 'projectManager']),
  },
  {
    kind: 'construction-contract',
    title: 'a contract of three pages',
    draw: () => drawn.drawConstructionContract(drawn.demoContract),
    onPaper: {
      ...pick(drawn.demoContract, ['sectionName', 'principal', 'contractor', 'projectManager', 'signedOn']),
      amount: drawn.demoContract.amount,
    },
  },
  {
    kind: 'completion-report',
    title: 'a completion report',
    draw: async () => [await drawn.drawCompletionReport(drawn.demoCompletion)],
    onPaper: pick(drawn.demoCompletion, ['sectionName', 'owner', 'contractor', 'acceptedOn', 'conclusion']),
  },
  {
    kind: 'power-of-attorney',
    title: 'a power of attorney',
    draw: async () => [await drawn.drawPowerOfAttorney(drawn.demoAttorney)],
    onPaper: pick(drawn.demoAttorney, ['companyName', 'legalRepresentative', 'agentName', 'agentIdNumber']),
  },
  {
    kind: 'social-insurance-statement',
    title: 'a social insurance statement with its columns',
    draw: async () => [await drawn.drawSocialInsuranceStatement(demoInsurance)],
    onPaper: {
      ...pick(demoInsurance, ['name', 'idNumber', 'companyName']),
      paidMonths: '2023年01月至2024年06月',
      insurances: demoInsurance.rows.map(([name]) => name).join('；'),
    },
  },
];

function pick<T extends object>(values: T, keys: readonly (keyof T & string)[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, String(values[key])]));
}

describe('the reader knows and reads', () => {
  test.each(papers)('$title', async ({ kind, draw, onPaper }) => {
    const pages = await readPhotographs(await draw());
    expect(recogniseDocumentType(catalogue.documentTypes, pages)[0]?.documentType).toBe(kind);
    const documentType = getDocumentType(catalogue, kind);
    const readings = extractFields(documentType, pages);
    const wrong = Object.entries(onPaper).filter(([id, text]) => {
      const field = documentType.fields.find((candidate) => candidate.id === id);
      if (!field) throw new Error(`${kind} has no field ${id}`);
      const rule = fieldRules[field.kind];
      return !rule.agrees(rule.readFrom(text, field) ?? text, readings[id]?.value ?? '', field);
    });
    expect(wrong.map(([id, text]) => ({ id, text, read: readings[id]?.value }))).toEqual([]);
  });
});
