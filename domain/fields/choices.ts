/** Choices, yes or no, telephone numbers. */
import { normaliseText } from '../text/normalise.ts';
import { stripLabel } from './strip-label.ts';
import { accepted, distinct, refused } from './field-rule.ts';
import type { FieldRule } from './field-rule.ts';
import type { Field } from '../catalogue/field.ts';

// 叁级, 3级 and Ⅲ级 are 三级.
const grades: Readonly<Record<string, string>> = {
  壹: '一',
  '1': '一',
  Ⅰ: '一',
  贰: '二',
  '2': '二',
  Ⅱ: '二',
  叁: '三',
  参: '三',
  '3': '三',
  Ⅲ: '三',
};

export function normaliseGrade(text: string): string {
  return normaliseText(text).replace(/[壹贰叁参123ⅠⅡⅢ](?=级)/gu, (char) => grades[char] ?? char);
}

function waysOf(choice: Field['choices'][number]): string[] {
  return [choice.value, choice.label, ...choice.aliases];
}

function findChoice(text: string, field: Field): string | undefined {
  const wanted = normaliseGrade(text);
  return field.choices.find((choice) => waysOf(choice).some((way) => normaliseGrade(way) === wanted))?.value;
}

/** The choice that stands first in the text; of two that begin at one place, the longer. */
function findChoiceIn(text: string, field: Field): string | undefined {
  const folded = normaliseGrade(text);
  let best: { value: string; at: number; length: number } | undefined;
  for (const choice of field.choices) {
    for (const way of waysOf(choice)) {
      const wanted = normaliseGrade(way);
      const at = folded.indexOf(wanted);
      if (at < 0 || (best && (at > best.at || (at === best.at && wanted.length <= best.length)))) continue;
      best = { value: choice.value, at, length: wanted.length };
    }
  }
  return best?.value;
}

const parts = (value: string) => value.split(/[,，、;；]/u).map((part) => part.trim());

/** In the order of the field's choices, each once. */
function inOrder(values: readonly string[], field: Field): string {
  return field.choices
    .map((choice) => choice.value)
    .filter((value) => values.includes(value))
    .join(',');
}

export const choiceRule: FieldRule = {
  parse(raw, field) {
    const wanted = field.multiple ? parts(raw).filter((part) => part !== '') : [raw];
    const values = wanted.map((part) => findChoice(part, field));
    if (values.length === 0 || values.includes(undefined)) return refused(`请从列表中选择${field.label}`);
    return accepted(
      inOrder(
        values.filter((value) => value !== undefined),
        field,
      ),
    );
  },
  format(value, field) {
    const label = (part: string) => field.choices.find((choice) => choice.value === part)?.label ?? part;
    return field.multiple ? parts(value).map(label).join('、') : label(value);
  },
  readFrom(text, field) {
    const stripped = stripLabel(text, field);
    if (!field.multiple) return findChoice(stripped, field) ?? findChoiceIn(stripped, field);
    const folded = normaliseGrade(stripped);
    const values = field.choices
      .filter((choice) => waysOf(choice).some((way) => folded.includes(normaliseGrade(way))))
      .map((choice) => choice.value);
    return inOrder(values, field) || undefined;
  },
  agrees: (a, b, field) => (field.multiple ? inOrder(parts(a), field) === inOrder(parts(b), field) : a === b),
  paperForms(value, field) {
    if (field.multiple) return distinct([choiceRule.format(value, field)]);
    const choice = field.choices.find((candidate) => candidate.value === value);
    return choice ? distinct([choice.label, ...choice.aliases, choice.value]) : distinct([value]);
  },
};

const yesWords = ['yes', '是', '有', '对', '√'];
const noWords = ['no', '否', '无', '不是', '×'];

/** Canonical `yes` and `no`. */
export const yesNoRule: FieldRule = {
  parse(raw) {
    const folded = normaliseText(raw).toLowerCase();
    if (yesWords.includes(folded)) return accepted('yes');
    if (noWords.includes(folded)) return accepted('no');
    return refused('请选择“是”或“否”');
  },
  format: (value) => (value === 'yes' ? '是' : value === 'no' ? '否' : value),
  readFrom(text, field) {
    const folded = normaliseText(stripLabel(text, field))
      .toLowerCase()
      .replace(/[.,;:]+$/u, '');
    if (yesWords.includes(folded)) return 'yes';
    return noWords.includes(folded) ? 'no' : undefined;
  },
  agrees: (a, b) => a === b,
  paperForms: (value) => (value === 'yes' ? ['是', '有', '√'] : ['否', '无']),
};

// Area codes: 010 and 02x have three digits, all others four.
const areaCode = /^(010|02\d|0[3-9]\d{2})(\d{7,8})(?:[-转]?(\d{1,6}))?$/u;

export const phoneRule: FieldRule = {
  parse(raw) {
    const digits = normaliseText(raw).replace(/^\+?86(?=1|0)/u, '');
    const plain = digits.replace(/[-()]/gu, '');
    if (/^1[3-9]\d{9}$/.test(plain)) return accepted(plain);
    if (/^[48]00\d{7}$/.test(plain)) return accepted(plain);
    const [, area, number, extension] = areaCode.exec(digits.replace(/[()]/gu, '').replace('-', '')) ?? [];
    if (area && number) return accepted(`${area}-${number}${extension ? `-${extension}` : ''}`);
    return refused('请填写 11 位手机号码，或带区号的座机号码，如 024-12345678');
  },
  format: (value) => value,
  readFrom(text, field) {
    const folded = normaliseText(stripLabel(text, field));
    const found =
      /(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\(?0\d{2,3}\)?-?\d{7,8}(?:-\d{1,6})?(?!\d)|(?<!\d)[48]00-?\d{3}-?\d{4}(?!\d)/u.exec(
        folded,
      );
    const parsed = found ? phoneRule.parse(found[0], field) : undefined;
    return parsed?.ok ? parsed.value : undefined;
  },
  agrees: (a, b) => a.replace(/\D/gu, '') === b.replace(/\D/gu, ''),
  paperForms: (value) => distinct([value, /^1\d{10}$/.test(value) ? undefined : value.replace('-', '')]),
};
