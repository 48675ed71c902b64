import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import { checkCodes } from './check-codes.ts';
import type { CodeCheck } from './check-codes.ts';

const catalogue = loadCatalogue();
function ask(documentTypeId: string, value: string, texts: readonly string[]) {
  const { checks, fields } = getDocumentType(catalogue, documentTypeId);
  const check = checks.find((one): one is CodeCheck => one.kind === 'code-holds');
  const field = fields.find(({ id }) => id === check?.field);
  if (!check || !field) throw new Error(`${documentTypeId} compares nothing with a code`);
  return checkCodes(check, field, value, texts);
}
const code = '91210112MA0UQ8XH4Q';
const other = '91210103MA0P4X7Y6N';

describe('checkCodes', () => {
  it('is content when the code says the claimed number, anywhere in its text', () => {
    expect(ask('business-licence', code, [code])).toBeUndefined();
    expect(ask('business-licence', code, [`http://licence.example/?uniscid=${code}&x=1`])).toBeUndefined();
  });
  it('names both numbers when the code says another one', () => {
    const failure = ask('business-licence', code, [`http://licence.example/?uniscid=${other}`]);
    expect(failure?.code).toBe('code-differs');
    expect(failure?.text).toContain(code);
    expect(failure?.text).toContain(other);
  });
  it('is content when one of several codes agrees', () => {
    expect(ask('business-licence', code, [other, code])).toBeUndefined();
  });
  it('says nothing of codes that hold no such number, and of none', () => {
    expect(ask('business-licence', code, ['http://licence.example/v?t=8f3a'])).toBeUndefined();
    expect(ask('business-licence', code, [])).toBeUndefined();
  });
  it('knows a licence number written into an address', () => {
    const number = '（辽）JZ安许证字[2023]012345';
    const address = (text: string) => `http://zjt.example/q?no=${encodeURIComponent(text)}`;
    expect(ask('safety-production-licence', number, [address(number)])).toBeUndefined();
    expect(ask('safety-production-licence', number, [address('（辽）JZ安许证字[2023]012346')])?.code).toBe(
      'code-differs',
    );
  });
  it('takes the number of a sheet behind the certificate number for the same certificate', () => {
    expect(ask('construction-qualification', 'D221047365-1/3', ['D221047365'])).toBeUndefined();
    expect(ask('construction-qualification', 'D221047366-1/3', ['D221047365'])?.code).toBe('code-differs');
  });
});
