import fc from '#tests/support/properties.ts';
import { describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors/app-error.ts';
import { nationOf, sexOf } from './codes.ts';
import { parseCardText } from './card-text.ts';
import { parseAddress, parseCardBlocks, parseSamId } from './commands.ts';
import { describeFailure } from './status.ts';

function block(cells: Record<number, string>): Buffer {
  const bytes = Buffer.from(' '.repeat(128), 'utf16le');
  for (const [offset, value] of Object.entries(cells)) bytes.write(value, Number(offset), 'utf16le');
  return bytes;
}

const resident = { 0: '张三', 30: '1', 32: '05', 36: '19900203', 122: '110105199002030013', 204: '长期' };

describe('the text of a card', () => {
  test('reads a resident without optional parts', () => {
    expect(parseCardText(block(resident))).toEqual({
      kind: 'resident',
      name: '张三',
      sex: '男',
      nation: '维吾尔',
      bornOn: '1990-02-03',
      number: '110105199002030013',
      validFrom: '',
      validTo: '长期',
    });
  });

  test('takes zeros for padding', () => {
    const bytes = block(resident);
    bytes.fill(0, 4, 30);
    bytes.fill(0, 220, 256);
    expect(parseCardText(bytes)).toMatchObject({ kind: 'resident', name: '张三' });
  });

  test('joins the English name of 2023 from its two places', () => {
    const first = 'MONTGOMERY-FITZWILLIAM ALEXANDER TH';
    const text = parseCardText(
      block({
        30: '2',
        36: '19800101',
        52: first,
        122: '931586198001010028',
        220: 'EODORE',
        242: 'GBR',
        248: 'Y',
      }),
    );
    expect(text).toMatchObject({ kind: 'foreigner-2023', englishName: `${first}EODORE`, nationality: 'GBR' });
    expect(text.name).toBe(`${first}EODORE`);
  });

  test('keeps the space at which the English name of 2023 was cut', () => {
    const text = parseCardText(
      block({ 0: '某人', 52: 'MONTGOMERY-FITZWILLIAM ALEXANDERTH', 122: '9', 220: 'JOHN', 248: 'Y' }),
    );
    expect(text.englishName).toBe('MONTGOMERY-FITZWILLIAM ALEXANDERTH JOHN');
  });

  test.each([
    ['text-too-short', Buffer.alloc(200)],
    ['kind-unknown', block({ ...resident, 248: 'Q' })],
    ['text-empty', block({})],
  ])('refuses a block with %s', (reason, bytes) => {
    expect(() => parseCardText(bytes)).toThrow(AppError);
    try {
      parseCardText(bytes);
    } catch (error) {
      expect(error).toMatchObject({ code: 'CARD_READ_FAILED', details: { reason } });
    }
  });

  test('never throws anything but an expected failure', () => {
    const letter = fc.constantFrom(0x20, 0x49, 0x4a, 0x59, 0x51);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), letter, (bytes, code) => {
        if (bytes.length > 249) [bytes[248], bytes[249]] = [code, 0];
        try {
          expect(parseCardText(bytes).name).not.toBe('');
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the blocks of a reply', () => {
  const reply = (lengths: number[], data: Buffer) => {
    const head = Buffer.alloc(lengths.length * 2);
    lengths.forEach((length, index) => head.writeUInt16BE(length, index * 2));
    return Buffer.concat([head, data]);
  };

  test('are cut by the lengths they state', () => {
    const blocks = parseCardBlocks(reply([300, 900], Buffer.alloc(1200, 7)), 'read');
    expect([blocks.text.length, blocks.photo.length]).toEqual([300, 900]);
  });

  test.each([0, 512, 1024])('leave a fingerprint of %i bytes aside', (length) => {
    const blocks = parseCardBlocks(
      reply([256, 1024, length], Buffer.alloc(1280 + length)),
      'read-fingerprint',
    );
    expect([blocks.text.length, blocks.photo.length]).toEqual([256, 1024]);
  });

  test('that state more than there is are refused, whatever they state', () => {
    expect(() => parseCardBlocks(reply([256, 1024], Buffer.alloc(1279)), 'read')).toThrow(AppError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (data) => {
        try {
          parseCardBlocks(data, 'read');
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
        }
      }),
    );
  });

  test('hold an address only when it is not blank', () => {
    const blank = Buffer.from(' '.repeat(35), 'utf16le');
    expect(parseAddress(blank)).toBeUndefined();
    blank.write('示范街8号', 0, 'utf16le');
    expect(parseAddress(blank)).toBe('示范街8号');
  });
});

test('a module id is padded as on its label', () => {
  const data = Buffer.from('050003008fa13301 0700000059000000'.replaceAll(' ', ''), 'hex');
  expect(parseSamId(data)).toBe('05.03-20160911-0000000007-0000000089');
});

test('codes of nation and sex are shown as words, unknown ones as they are', () => {
  expect(['01', '31', '46', '56', '97', '98'].map(nationOf)).toEqual([
    '汉',
    '达斡尔',
    '德昂',
    '基诺',
    '其他',
    '外国血统中国籍人士',
  ]);
  expect(['00', '57', '', '1', '0x'].map(nationOf)).toEqual(['00', '57', '', '1', '0x']);
  expect(['0', '1', '2', '9', '7'].map(sexOf)).toEqual(['未知', '男', '女', '未说明', '7']);
});

test('every status byte has a meaning and a code', () => {
  for (let sw3 = 0; sw3 < 256; sw3++) expect(describeFailure(sw3).meaning).not.toBe('');
  expect(describeFailure(0x66).code).toBe('CARD_READER_UNAUTHORISED');
  expect(describeFailure(0x77).code).toBe('DEVICE_FAULT');
});
