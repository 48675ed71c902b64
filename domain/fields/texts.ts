/** Names, addresses, prose and certificate numbers: what is compared as text. */
import { anyNameDot, canonicalPersonName } from '../text/person-name.ts';
import { collapseSpaces } from '../text/spaces.ts';
import { cleanProse } from '../text/written.ts';
import { comparableText, foldWidth, normaliseText, trimPunctuation } from '../text/normalise.ts';
import { stripLabel } from './strip-label.ts';
import { accepted, distinct, refused } from './field-rule.ts';
import type { FieldRule } from './field-rule.ts';
import type { Field } from '../catalogue/field.ts';

function limited(value: string, field: Field) {
  const length = [...value].length;
  if (length > field.maxLength)
    return refused(`${field.label}最多 ${field.maxLength} 字，现为 ${length} 字，请缩短`);
  return value === '' ? refused(`请填写${field.label}`) : accepted(value);
}

/** With a pattern, the part of the text that the pattern names; else all of it. */
function patternPart(text: string, field: Field): string {
  if (field.find?.pattern === undefined) return text;
  const match = new RegExp(field.find.pattern, 'u').exec(text.replace(/\s/gu, ''));
  return match ? (match[1] ?? match[0]) : text;
}

const readText = (text: string, field: Field): string | undefined =>
  trimPunctuation(collapseSpaces(patternPart(stripLabel(text, field), field))) || undefined;

/** Short text: widths, spaces and the kind of bracket do not matter, punctuation at the ends neither. */
export const textRule: FieldRule = {
  parse: (raw, field) => limited(collapseSpaces(raw), field),
  format: (value) => value,
  readFrom: readText,
  agrees: (a, b) =>
    trimPunctuation(normaliseText(a)).toUpperCase() === trimPunctuation(normaliseText(b)).toUpperCase(),
  paperForms: (value) => distinct([value]),
};

/** Prose: what a recogniser drops first is punctuation, so it is not compared. */
export const longTextRule: FieldRule = {
  ...textRule,
  parse: (raw, field) => limited(cleanProse(raw), field),
  agrees: (a, b) => comparableText(a) === comparableText(b),
};

/** 详细地址辽宁省…: a label that no configuration names, printed right before its value. */
const addressLabel =
  /^(?:详细|注册|通讯|联系|经营|办公|单位|企业|公司)?(?:地址|住址|住所)[:：\s]*(?=[\p{Script=Han}]{4})/u;

export const addressRule: FieldRule = {
  ...textRule,
  readFrom: (text, field) => readText(stripLabel(text, field).replace(addressLabel, ''), field),
  agrees: (a, b) => comparableText(a) === comparableText(b),
};

const fullBrackets = (text: string) => text.replace(/[([〔【［]/gu, '（').replace(/[)\]〕】］]/gu, '）');
const halfBrackets = (text: string) => text.replaceAll('（', '(').replaceAll('）', ')');

function companyName(text: string): string {
  return fullBrackets(collapseSpaces(foldWidth(text)));
}

/** 某公司（盖单位章）, 张三（签字）: where to seal or sign stands behind the name on forms. */
const withoutSealNote = (text: string) =>
  text.replace(
    /[(（〔[](?:加?盖|公章|姓名|签字|签名|签章|章|法人章|电子签)[\p{Script=Han}、/或]{0,12}(?:[)）〕\]].{0,3})?[\s。.]*$/u,
    '',
  );

/** 有限公司 and every other part of a name count; only widths, brackets and spaces are folded. */
export const companyNameRule: FieldRule = {
  parse: (raw, field) => limited(companyName(raw), field),
  format: (value) => value,
  readFrom: (text, field) =>
    trimPunctuation(companyName(withoutSealNote(patternPart(stripLabel(text, field), field)))) || undefined,
  agrees: (a, b) => normaliseText(a).toUpperCase() === normaliseText(b).toUpperCase(),
  paperForms: (value) => distinct([value, halfBrackets(value)]),
};

/** 张三 210102…, 张三（身份证号…）: the number that papers and signing certificates set behind a name. */
const numberBehindName =
  /[\s(（:：+_-]{0,4}(?:公民身份号码|身份证件?号码?|身份证|证件?号码?|ID)?[\s:：]{0,4}[0-9]{15}(?:[0-9]{2}[0-9Xx×])?[)）]?\s{0,4}$/u;

/** Any dot between the parts of a name is the same, and . on paper is one too. */
const comparableName = (text: string) => normaliseText(text).replace(anyNameDot, '·').toUpperCase();

/** 法定代表人姓名王某, of which 法定代表人 was taken for the label; nobody is called 姓. The second letter may be misread. */
const nameLabel = /^姓[名各]?[:：]?(?=\p{Script=Han}{2})/u;

export const personNameRule: FieldRule = {
  parse(raw, field) {
    const name = canonicalPersonName(raw);
    if (numberBehindName.test(name)) return refused('这里只填姓名，证件号码请填在证件号码一栏');
    if (/[0-9]/u.test(name)) return refused('姓名中不会有数字，请对照证件核对');
    return limited(name, field);
  },
  format: (value) => value,
  readFrom: (text, field) =>
    trimPunctuation(
      canonicalPersonName(withoutSealNote(patternPart(stripLabel(text, field), field)))
        .replace(nameLabel, '')
        .replace(numberBehindName, ''),
    ) || undefined,
  agrees: (a, b) => comparableName(a) === comparableName(b),
  paperForms: (value) => distinct([value, value.includes('·') ? value.replaceAll('·', '•') : undefined]),
};

const certificateNumber = (text: string) =>
  foldWidth(text)
    .replace(/[\s\u200b\ufeff]/gu, '')
    .replace(/[〔【]/gu, '[')
    .replace(/[〕】]/gu, ']')
    .replace(/[—–―─‐−]/gu, '-')
    .toUpperCase();

/** （鲁）JZ安许证字[2023]087974, D221012345-6/3: brackets of any kind agree, every other character counts. */
export const certificateNumberRule: FieldRule = {
  parse: (raw, field) => limited(certificateNumber(raw), field),
  format: (value) => value,
  readFrom: (text, field) =>
    trimPunctuation(certificateNumber(patternPart(stripLabel(text, field), field))) || undefined,
  agrees: (a, b) => normaliseText(a).toUpperCase() === normaliseText(b).toUpperCase(),
  paperForms: (value) =>
    distinct([
      value,
      value.replaceAll('(', '（').replaceAll(')', '）'),
      value.replaceAll('(', '（').replaceAll(')', '）').replaceAll('[', '〔').replaceAll(']', '〕'),
    ]),
};
