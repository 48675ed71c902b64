/** What files of an import look like: three kinds of tables, told apart by their columns. Pure. */
import type { Works } from '../../catalogue/works.ts';
import { foldWidth } from '../../text/normalise.ts';

export const importKinds = ['person', 'work', 'appointment'] as const;
export type ImportKind = (typeof importKinds)[number];
export const importKindTitles: Record<ImportKind, string> = {
  person: '人员',
  work: '工程',
  appointment: '任职',
};

/** What a programme calls them. */
export interface ImportNouns {
  works: Works;
  /** Whose works they are: 建设单位. */
  ownerTitle: string;
}

export interface Column {
  id: string;
  title: string;
  /** Its cells are never empty. */
  isNeeded: boolean;
}
const needed = (id: string, title: string): Column => ({ id, title, isNeeded: true });
const possible = (id: string, title: string): Column => ({ id, title, isNeeded: false });

const idNumber = needed('id', '身份证号');
const personName = needed('name', '姓名');
export const stockColumn = possible('stock', '存量');

/** In the order in which docs/registers.md has them. */
export function columnsOf(kind: ImportKind, { works, ownerTitle }: ImportNouns): Column[] {
  if (kind === 'person') return [idNumber, personName, needed('unit', '单位统一社会信用代码')];
  if (kind === 'appointment')
    return [
      ...[idNumber, personName, needed('work', '工程编号'), needed('post', '岗位')],
      ...[needed('from', '任职日期'), possible('until', '离任日期'), stockColumn],
    ];
  return [
    ...[needed('id', '工程编号'), needed('name', '工程名称'), possible('state', '工程状态')],
    ...[possible('contractNumber', '合同登记编号'), possible('permitNumber', '施工许可证编号')],
    needed('unit', `${ownerTitle}统一社会信用代码`),
    needed('authority', works.bodies.authority),
    needed('supervisor', works.bodies.supervisor),
    ...works.unitRoles.flatMap(({ id, title }) => [
      possible(`unit-name:${id}`, title),
      possible(`unit-code:${id}`, `${title}统一社会信用代码`),
    ]),
    ...works.fields.map(({ id, label }) => possible(`detail:${id}`, label)),
  ];
}

export interface TableShape {
  kind: ImportKind;
  /** One for each cell of a row. */
  columns: Column[];
}
export type ShapeProblem =
  | { problem: 'no-kind' }
  | { problem: 'missing-column' | 'unknown-column' | 'repeated-column'; title: string; kind: ImportKind };

/** By the first row. A column that nobody knows is refused: what stands in it would be lost without a word. */
export function shapeOf(header: readonly string[], nouns: ImportNouns): TableShape | ShapeProblem {
  const titles = header.map(comparable);
  const kind = (['appointment', 'work', 'person'] as const).find((one) =>
    columnsOf(one, nouns).every(({ isNeeded, title }) => !isNeeded || titles.includes(comparable(title))),
  );
  if (kind === undefined) return nearest(titles, nouns);
  const columns: Column[] = [];
  for (const [index, title] of titles.entries()) {
    const column = columnsOf(kind, nouns).find((one) => comparable(one.title) === title);
    if (!column) return { problem: 'unknown-column', title: header[index] ?? '', kind };
    if (columns.some(({ id }) => id === column.id))
      return { problem: 'repeated-column', title: column.title, kind };
    columns.push(column);
  }
  return { kind, columns };
}

/** Which of the tables it was to be, and what it lacks. */
function nearest(titles: readonly string[], nouns: ImportNouns): ShapeProblem {
  const able = importKinds.flatMap((kind) => {
    const columns = columnsOf(kind, nouns).map((column) => ({
      ...column,
      isThere: titles.includes(comparable(column.title)),
    }));
    const missing = columns.filter(({ isNeeded, isThere }) => isNeeded && !isThere);
    const known = columns.filter(({ isThere }) => isThere).length;
    return known > 1 ? [{ kind, known, missing: missing.map(({ title }) => title) }] : [];
  });
  const [best] = able.sort((a, b) => a.missing.length - b.missing.length || b.known - a.known);
  return best
    ? { problem: 'missing-column', title: best.missing.join('”“'), kind: best.kind }
    : { problem: 'no-kind' };
}

const comparable = (title: string): string => foldWidth(title).replace(/[\s*]+/gu, '');
