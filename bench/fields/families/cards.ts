/** Resident identity cards: sides that fill their picture, copies on a sheet of paper. */
import type { Laid, Task } from './family.ts';
import { createSheet } from '../sheet.ts';
import type { Sheet } from '../sheet.ts';

/** `copies`: both sides under each other on A4. `beside`: side by side. `filling`: both sides as large as the picture. */
export function layCard(task: Task, how: 'copies' | 'beside' | 'filling'): Laid {
  const { draws } = task;
  if (how === 'filling') {
    const sheet = createSheet(85.6, 112);
    front(sheet, task, 0, 0);
    back(sheet, task, 0, 56);
    return { sheet };
  }
  const sheet = createSheet(210, 297);
  if (draws.chance(0.5))
    sheet.write(draws.pick(['法定代表人身份证复印件', '身份证复印件（正反面）']), 70, 24, 6);
  const first: readonly [number, number] = how === 'copies' ? [62, 50] : [14, 80];
  const second: readonly [number, number] = how === 'copies' ? [62, 50 + draws.between(62, 90)] : [110, 80];
  const frontIsFirst = draws.chance(0.7);
  front(sheet, task, ...(frontIsFirst ? first : second));
  back(sheet, task, ...(frontIsFirst ? second : first));
  if (draws.chance(0.5)) sheet.write('此复印件与原件一致', 60, 230, 5);
  if (draws.chance(0.3)) sheet.write('单位名称（盖章）：', 60, 245, 5);
  return { sheet };
}

function front(sheet: Sheet, { values, draws }: Task, x0: number, y0: number): void {
  const em = 2.9;
  const text = (id: string): string => values.texts[id] ?? '';
  const label = (name: string, x: number, y: number): void => {
    sheet.write(name, x0 + x, y0 + y, em * 0.85, { spacing: draws.between(0.2, 1), colour: '#36a' });
  };
  label('姓名', 7.5, 6.8);
  sheet.write(text('name'), x0 + 16.2, y0 + 6.4, em * 1.15, { field: 'name' });
  label('性别', 7.5, 13.6);
  sheet.write(text('sex'), x0 + 16.2, y0 + 13.4, em, { field: 'sex' });
  label('民族', 26.5, 13.6);
  sheet.write(text('nation'), x0 + 35, y0 + 13.4, em, { field: 'nation' });
  label('出生', 7.5, 19.8);
  sheet.write(text('bornOn'), x0 + 16.2, y0 + 19.6, em, { field: 'bornOn', spacing: 0.8 });
  label('住址', 7.5, 26.2);
  sheet.wrap(text('address'), x0 + 16.2, y0 + 26, em, 37, { field: 'address', leading: 1.4 });
  label('公民身份号码', 7.5, 45.2);
  sheet.write(text('idNumber'), x0 + 29, y0 + 44.6, 3.6, { field: 'idNumber', spacing: 0.35 });
}

function back(sheet: Sheet, { values, draws }: Task, x0: number, y0: number): void {
  sheet.write('中华人民共和国', x0 + 36, y0 + 7, 4.4, { spacing: 1.2 });
  sheet.write('居民身份证', x0 + 36, y0 + 17, 6.5);
  sheet.write('签发机关', x0 + 15, y0 + 37.6, 2.6, { spacing: 0.3 });
  sheet.write(values.texts['issuer'] ?? '', x0 + 33, y0 + 37.4, 2.9, { field: 'issuer' });
  sheet.write('有效期限', x0 + 15, y0 + 44.6 + draws.between(-0.4, 0.4), 2.6, { spacing: 0.3 });
  sheet.write(values.texts['validity'] ?? '', x0 + 33, y0 + 44.4, 2.9, { field: 'validity' });
}
