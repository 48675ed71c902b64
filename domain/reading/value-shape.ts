/** How much a text looks like a value of a field's kind, 0..1, by its form alone. Declared kinds are enough: nothing is learnt. */
import type { Field } from '../catalogue/field.ts';
import { fieldRules } from '../fields/field-rules.ts';
import { isDictionaryWord } from '../fields/dictionaries/mend-by-dictionary.ts';
import { findDates } from '../fields/dates.ts';
import { normaliseText } from '../text/normalise.ts';

const companyEnd =
  /(?:公司|事务所|研究院|设计院|医院|学校|大学|中心|合作社|合伙\)?|厂|院|店|社|所|集团|委员会|办公室|局|处|部|企业|银行|支行|分行)(?:\([^()]*\))?$/u;
const authorityEnd =
  /(?:局|厅|委员会|委|办公室|办|中心|分局|大队|政府|部|协会|学会|管理处|支行|总站|站|院)$/u;
const surnames = new Set(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺'.split(
    '',
  ),
);

/** `text` is what stands on the paper, `value` what the field's rule made of it. */
export function shapeOf(field: Field, text: string, value: string): number {
  const folded = normaliseText(text).replace(/[.,;:]+$/u, '');
  const length = [...folded].length;
  if (length === 0) return 0;
  const isSound = fieldRules[field.kind].parse(value, field).ok;
  const hasPattern = field.find?.pattern !== undefined;
  const fits = hasPattern && new RegExp(field.find?.pattern ?? '', 'u').test(text.replace(/\s/gu, ''));
  const byKind = kindShape(field, folded, value, length, isSound);
  return hasPattern ? (fits ? Math.max(byKind, 0.9) : byKind * 0.4) : byKind;
}

function kindShape(field: Field, folded: string, value: string, length: number, isSound: boolean): number {
  const hanOnly = /^[\p{Script=Han}·〇]+$/u.test(folded);
  switch (field.kind) {
    case 'credit-code':
    case 'id-number':
      return isSound ? 1 : 0.35;
    case 'date':
    case 'period':
      return isSound ? (coverOf(folded) > 0.6 ? 1 : 0.6) : 0.1;
    case 'money':
      return !isSound ? 0.1 : /[元圆万亿¥]/u.test(folded) ? 1 : /^[0-9,.]+$/u.test(folded) ? 0.6 : 0.3;
    case 'choice':
      return isSound ? 1 : 0.1;
    case 'yes-no':
    case 'month':
    case 'phone':
      return isSound ? 0.9 : 0.1;
    case 'company-name':
      if (findDates(folded).length > 0 || /[;:]/u.test(folded)) return 0.05;
      return companyEnd.test(folded) ? (length >= 5 ? 1 : 0.4) : length >= 4 && length <= 40 ? 0.25 : 0.05;
    case 'person-name':
      if (!/^[\p{Script=Han}·A-Za-z .]+$/u.test(folded) || companyEnd.test(folded)) return 0.05;
      if (!hanOnly) return length <= 30 ? 0.4 : 0.1;
      return length > 12
        ? 0.05
        : length >= 2 && length <= 4 && surnames.has(folded.charAt(0))
          ? 1
          : length <= 4
            ? 0.5
            : 0.3;
    case 'address': {
      const signs = folded.match(/省|自治区|市|州|县|区|镇|乡|村|路|街|道|号|室|栋|幢|楼|座/gu)?.length ?? 0;
      return signs >= 3 ? 1 : signs === 2 ? 0.8 : signs === 1 ? 0.4 : 0.1;
    }
    case 'certificate-number': {
      const digits = folded.match(/[0-9]/gu)?.length ?? 0;
      if (digits < 3 || findDates(folded).length > 0) return 0.05;
      return isSound && digits / length > 0.4 ? 0.85 : 0.4;
    }
    case 'text':
      return textShape(field, folded, value, length);
    case 'long-text':
      return length < 4 ? 0.2 : findDates(folded).length > 0 && length < 14 ? 0.1 : length > 12 ? 0.85 : 0.6;
  }
}

function textShape(field: Field, folded: string, value: string, length: number): number {
  if (coverOf(folded) > 0.7) return 0.05;
  if (field.dictionary === 'authorities') return authorityEnd.test(folded) ? 1 : 0.15;
  if (field.dictionary !== undefined && field.dictionary !== 'places')
    return isOfDictionary(field, value) ? 1 : 0.25;
  return length >= 2 && length <= 60 ? 0.55 : 0.2;
}

/** A word of the list as it stands; what the list would change is none. */
export function isOfDictionary(field: Field, value: string): boolean {
  if (field.dictionary === undefined) return false;
  return isDictionaryWord(field.kind === 'text' ? value.replace(/族$/u, '') : value, field.dictionary);
}

/** The part of the text that dates fill. */
function coverOf(folded: string): number {
  const dates = findDates(folded);
  const open = /长期|永久/u.exec(folded)?.[0].length ?? 0;
  const filled = dates.reduce((sum, { start, end }) => sum + end - start, 0) + open;
  return (filled + (folded.match(/[至到自起止~-]/gu)?.length ?? 0)) / Math.max(1, folded.length);
}
