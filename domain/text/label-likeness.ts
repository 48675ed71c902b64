/**
 * How alike two labels are in what they mean: 成立时间 and 成立日期, 登记部门 and 登记机关 name the same thing. Words of forms
 * that stand for each other are one token each; a document type's file need not list every wording.
 */
import { normaliseText } from './normalise.ts';

/** Words that stand for each other in labels; the first names the group. */
const groups: readonly (readonly string[])[] = [
  ['法定代表人', '法人代表', '法定代表', '法人'],
  ['负责人', '责任人', '主管'],
  ['企业', '单位', '公司', '主体', '组织', '机构'],
  ['名称', '名', '全称', '字号'],
  ['姓名'],
  ['日期', '时间', '日'],
  ['编号', '号码', '证号', '序号', '号'],
  ['机关', '部门', '机构', '局', '单位'],
  ['地址', '住所', '住址', '场所', '地点'],
  ['类型', '形式', '性质', '类别', '种类'],
  ['期限', '有效期', '期间', '有效期限'],
  ['截止', '至', '到期', '终止'],
  ['成立', '设立', '注册'],
  ['颁发', '发证', '颁证', '签发', '发照', '核发'],
  ['初次', '首次'],
  ['金额', '价格', '价款', '总价', '价', '资金'],
  ['资本', '资金'],
  ['范围', '内容'],
  ['工期', '服务期'],
  ['身份证', '身份', '证件'],
  ['账户', '账号', '户'],
  ['银行', '机构'],
  ['工程', '项目', '标段'],
  ['等级', '级别'],
  ['标准', '依据', '要求'],
  ['招标人', '业主', '建设单位'],
  ['证书', '证'],
];

const tokenOf = new Map<string, Set<number>>();
groups.forEach((words, group) => {
  for (const word of words) {
    const own = tokenOf.get(word) ?? new Set();
    tokenOf.set(word, own.add(group));
  }
});
const longestWord = Math.max(...[...tokenOf.keys()].map((word) => word.length));

/** Words that only say more closely what is meant: 住所 and 详细地址 are the same. */
const modifiers: ReadonlySet<string> = new Set(
  '详细 注册 通讯 企业 单位 公司 主体 组织 证书 主要 本 申请 拟派 全 所'.split(' '),
);
/** Of a modifier, and of a letter that is no word of the list. */
const lesserWeight = 0.5;

interface Token {
  text: string;
  groups: ReadonlySet<number>;
  weight: number;
}

const none: ReadonlySet<number> = new Set();

function tokensOf(label: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < label.length) {
    let length = Math.min(longestWord, label.length - at);
    const isWord = (word: string): boolean => tokenOf.has(word) || modifiers.has(word);
    while (length > 1 && !isWord(label.slice(at, at + length))) length -= 1;
    const text = label.slice(at, at + length);
    const isKnown = tokenOf.has(text) && !modifiers.has(text);
    tokens.push({ text, groups: tokenOf.get(text) ?? none, weight: isKnown ? 1 : lesserWeight });
    at += length;
  }
  return tokens;
}

const isSame = (a: Token, b: Token): boolean =>
  a.text === b.text || [...a.groups].some((group) => b.groups.has(group));

/** An explanation in brackets and signs at the ends say nothing of what is named. */
const bare = (label: string): string =>
  normaliseText(label)
    .replace(/\([^()]*\)/gu, '')
    .replace(/[^\p{Script=Han}A-Za-z]/gu, '');

/** 0..1; 1 where both say the same in the same order. Words count more than what only says them more closely. */
export function labelLikeness(a: string, b: string): number {
  const [left, right] = [tokensOf(bare(a)), tokensOf(bare(b))];
  const [leftWeight, rightWeight] = [sum(left), sum(right)];
  if (leftWeight === 0 || rightWeight === 0) return 0;
  // Longest common subsequence, weighted by the words of both.
  let row = new Array<number>(right.length + 1).fill(0);
  for (const token of left) {
    const next = [0];
    right.forEach((other, index) => {
      const along = Math.max(next[index] ?? 0, row[index + 1] ?? 0);
      const both = isSame(token, other) ? (row[index] ?? 0) + token.weight + other.weight : 0;
      next.push(Math.max(along, both));
    });
    row = next;
  }
  return (row.at(-1) ?? 0) / (leftWeight + rightWeight);
}

const sum = (tokens: readonly Token[]): number => tokens.reduce((total, { weight }) => total + weight, 0);
