/** Families that rules and weights may be made on. */
import type { Family, Laid, Task } from './family.ts';
import { a4, a4Wide, decorate, entriesOf, titled } from './family.ts';
import { createSheet, spreadTo, widthOf } from '../sheet.ts';
import { englishFor } from '../labels.ts';
import { layCard } from './cards.ts';

export const developmentFamilies: readonly Family[] = [
  { name: 'licence-wide', documents: ['business-licence'], lay: licenceWide },
  { name: 'licence-tall', documents: ['business-licence'], lay: licenceTall },
  { name: 'old-licence-wide', documents: ['business-licence'], lay: oldLicenceWide },
  { name: 'list-with-colons', lay: listWithColons },
  { name: 'ruled-table', lay: ruledTable },
  { name: 'label-above', lay: labelAbove },
  { name: 'english-beside', lay: englishBeside },
  { name: 'two-in-a-line', lay: twoInALine },
  { name: 'several-qualifications', documents: ['construction-qualification'], lay: severalQualifications },
  { name: 'form-to-be-signed', lay: formToBeSigned },
  { name: 'margin-column', lay: marginColumn },
  { name: 'sentences', lay: sentences },
  { name: 'explained', lay: explained },
  { name: 'card-copies-on-a4', documents: ['resident-id-card'], lay: (task) => layCard(task, 'copies') },
];

function licenceWide(task: Task): Laid {
  const { draws, values, label } = task;
  const sheet = createSheet(...a4Wide);
  titled(sheet, task, 30, 15);
  const em = draws.between(3.9, 4.6);
  const byId = new Map(entriesOf(task).map((entry) => [entry.field.id, entry]));
  const code = byId.get('creditCode');
  if (code) {
    sheet.write(label(code.field), 24, 30, em * 0.9);
    sheet.write(code.text, 24, 37, em * 1.1, { field: 'creditCode' });
  }
  const left = ['companyName', 'companyType', 'legalRepresentative', 'businessScope'];
  const right = draws.shuffle(['registeredCapital', 'establishedOn', 'businessTerm']).concat('address');
  for (const [x, width, ids] of [
    [24, 94, left],
    [158, 82, right],
  ] as const) {
    let y = 72;
    for (const id of ids) {
      const entry = byId.get(id);
      if (!entry) continue;
      const name = label(entry.field);
      sheet.write(name, x, y, em, { spacing: spreadTo(name, draws.chance(0.7) ? 5 : 0, em) });
      y =
        sheet.wrap(entry.text, x + em * 6.5, y, em, width - em * 1.5, { field: id }) +
        em * draws.between(0.3, 0.9);
    }
  }
  const authority = values.texts['registrationAuthority'] ?? '';
  sheet.write('登记机关', 190, 160, em, { spacing: draws.chance(0.5) ? em * 0.5 : 0 });
  sheet.write(authority, 215, 168, em, { field: 'registrationAuthority' });
  sheet.write(task.words.date(task.words.day(2015, 2024)), 215, 180, em);
  sheet.write('国家市场监督管理总局监制', 230, 196, 2.7);
  decorate(sheet, task);
  return { sheet };
}

function licenceTall(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 40, 17);
  const em = draws.between(4.2, 5);
  let y = 92;
  const entries = entriesOf(task);
  const code = entries.find(({ field }) => field.id === 'creditCode');
  if (code) {
    const right = sheet.write(label(code.field), 58, 78, em * 0.9);
    sheet.write(code.text, right + 1, 78, em * 0.9, { field: 'creditCode' });
  }
  for (const { field, text } of entries) {
    if (field.id === 'creditCode' || field.id === 'registrationAuthority') continue;
    const name = label(field);
    sheet.write(name, 26, y, em, { spacing: spreadTo(name, 5, em) });
    // Rows set so close that the next row's text lies under the value.
    y =
      sheet.wrap(text, 26 + em * draws.between(5.6, 6.6), y, em, 128, { field: field.id, leading: 1.3 }) +
      em * draws.between(0.05, 0.6);
  }
  sheet.write('登记机关', 110, 255, em);
  sheet.write(task.values.texts['registrationAuthority'] ?? '', 128, 262, em, {
    field: 'registrationAuthority',
  });
  sheet.write(task.words.date(task.words.day(2015, 2024)), 135, 272, em);
  decorate(sheet, task);
  return { sheet };
}

/** Before 2015: 注册号 of 15 digits, labels spread wide, no credit code. */
function oldLicenceWide(task: Task): Laid {
  const { draws, words, values } = task;
  const sheet = createSheet(...a4Wide);
  sheet.write('企业法人营业执照', 60, 24, 13, { weight: 700 });
  sheet.write('注册号', 70, 48, 4.4, { spacing: 1 });
  sheet.write(words.registrationNumber(), 95, 48, 4.4);
  const em = draws.between(4.4, 5);
  const rows: [string, string][] = [
    ['名称', 'companyName'],
    ['住所', 'address'],
    ['法定代表人姓名', 'legalRepresentative'],
    ['注册资本', 'registeredCapital'],
    ['公司类型', 'companyType'],
    ['经营范围', 'businessScope'],
    ['成立日期', 'establishedOn'],
    ['营业期限', 'businessTerm'],
  ];
  let y = 62;
  for (const [name, id] of rows) {
    sheet.write(name, 18, y, em, { spacing: spreadTo(name, 7, em) });
    y = sheet.wrap(values.texts[id] ?? '', 18 + em * 8, y, em, 110, { field: id }) + em * 0.6;
  }
  const notes = [
    '须 知',
    '1.《企业法人营业执照》是企业法人资格和合法经营的凭证。',
    '2.《企业法人营业执照》分为正本和副本，具有同等法律效力。',
    '3.登记事项发生变化，应当向公司登记机关申请变更登记。',
    '4.每年三月一日至六月三十日，应当参加年度检验。',
  ];
  notes.forEach((note, index) => sheet.wrap(note, 190, 30 + index * 14, 3, 92));
  sheet.write(task.words.date(task.words.day(2003, 2013)), 215, 180, em);
  decorate(sheet, task);
  return { sheet, absent: ['creditCode'] };
}

function listWithColons(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 34, 10);
  const em = draws.between(4, 5);
  const colon = draws.pick(['：', ':', '： ']);
  const x = draws.between(22, 34);
  let y = 66;
  for (const { field, text } of entriesOf(task)) {
    const right = sheet.write(label(field) + colon.trim(), x, y, em);
    y =
      sheet.wrap(text, right + (colon.endsWith(' ') ? em * 0.5 : 0.2), y, em, 184 - right, {
        field: field.id,
      }) +
      em * draws.between(0.2, 0.9);
  }
  decorate(sheet, task);
  return { sheet };
}

function ruledTable(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 30, 9);
  const em = draws.between(3.5, 4.2);
  const entries = entriesOf(task);
  const edges = [20, 52, 106, 138, 192];
  let y = 52;
  let column = 0;
  let rowBottom = y;
  for (const { field, text } of entries) {
    const isWide = widthOf(text, em) > 50;
    if (isWide && column > 0) [column, y] = [0, rowBottom];
    const width = isWide ? 136 : 50;
    const labelX = edges[column * 2] ?? 20;
    const valueX = edges[column * 2 + 1] ?? 52;
    sheet.write(label(field), labelX + 2, y + 3, em);
    const bottom = sheet.wrap(text, valueX + 2, y + 3, em, width, { field: field.id, leading: 1.35 }) + 3;
    rowBottom = Math.max(column === 0 ? y + em + 6 : rowBottom, bottom);
    sheet.rules.push({ x0: 20, y0: y, x1: 192, y1: y });
    if (isWide || column === 1) [column, y] = [0, rowBottom];
    else column = 1;
  }
  sheet.rules.push({ x0: 20, y0: rowBottom, x1: 192, y1: rowBottom });
  for (const x of edges) sheet.rules.push({ x0: x, y0: 52, x1: x, y1: rowBottom });
  return { sheet };
}

function labelAbove(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 30, 10);
  const em = draws.between(4, 4.8);
  const columns = draws.pick([1, 2]);
  const tops = [60, 60];
  entriesOf(task).forEach(({ field, text }, index) => {
    const column = index % columns;
    const x = 24 + column * 86;
    const y = tops[column] ?? 60;
    sheet.write(label(field), x, y, em * 0.8, { colour: '#666' });
    tops[column] = sheet.wrap(text, x, y + em * 1.4, em, columns === 1 ? 160 : 76, { field: field.id }) + em;
  });
  decorate(sheet, task);
  return { sheet };
}

function englishBeside(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 34, 10);
  const em = draws.between(3.9, 4.5);
  let y = 66;
  const indent = draws.pick([70, 84]);
  for (const { field, text } of entriesOf(task)) {
    const right = sheet.write(label(field), 20, y, em);
    sheet.write(`${englishFor(field)}${draws.pick([':', '', '：'])}`, right + 1.5, y + em * 0.15, em * 0.75);
    y =
      sheet.wrap(text, 20 + indent, y, em, 186 - 20 - indent, { field: field.id }) +
      em * draws.between(0.4, 1);
  }
  decorate(sheet, task);
  return { sheet };
}

function twoInALine(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4Wide);
  titled(sheet, task, 28, 10);
  const em = draws.between(3.8, 4.4);
  let y = 60;
  let x = 24;
  for (const { field, text } of entriesOf(task)) {
    const name = `${label(field)}：`;
    if (x > 24 && x + widthOf(name + text, em) > 270) [x, y] = [24, y + em * 2];
    const right = sheet.write(name, x, y, em);
    if (right + widthOf(text, em) > 275) {
      y = sheet.wrap(text, right, y, em, 272 - right, { field: field.id }) + em * 0.6;
      x = 24;
    } else x = sheet.write(text, right, y, em, { field: field.id }) + em * draws.between(1.5, 6);
  }
  decorate(sheet, task);
  return { sheet };
}

/** Two columns of values over dotted lines, their names small under them. */
function formToBeSigned(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 30, 10);
  const em = draws.between(3.8, 4.4);
  const bottoms = [60, 60];
  for (const { field, text } of entriesOf(task)) {
    const isWide = widthOf(text, em) > 74;
    const column = isWide || (bottoms[0] ?? 0) <= (bottoms[1] ?? 0) ? 0 : 1;
    const top = isWide ? Math.max(...bottoms) : (bottoms[column] ?? 60);
    const x = 22 + column * 88;
    const bottom = sheet.wrap(text, x, top, em, isWide ? 164 : 76, { field: field.id, leading: 1.35 });
    sheet.write(label(field), x, bottom + em * 0.1, em * 0.8, { colour: '#666' });
    const next = bottom + em * draws.between(1.8, 2.4);
    if (isWide) bottoms.fill(next);
    else bottoms[column] = next;
  }
  return { sheet };
}

/** Labels at the left margin, values in a column far to the right. */
function marginColumn(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4Wide);
  titled(sheet, task, 24, 9);
  const em = draws.between(3.4, 4);
  const x = draws.between(130, 190);
  let y = 52;
  for (const { field, text } of entriesOf(task)) {
    sheet.write(label(field), 20, y, em);
    y = sheet.wrap(text, x, y, em, 276 - x, { field: field.id }) + em * draws.between(0.5, 1);
  }
  decorate(sheet, task);
  return { sheet };
}

/** 兹证明…：名称为某公司，住所为…。 */
function sentences(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 34, 10);
  const em = draws.between(4, 4.6);
  const parts: { text: string; field?: string }[] = [
    { text: draws.pick(['兹证明如下：', '经审核，', '根据有关规定，']) },
  ];
  for (const { field, text } of entriesOf(task))
    parts.push(
      { text: `${label(field)}${draws.pick(['为', '：'])}` },
      { text: text.replace(/。$/u, ''), field: field.id },
      { text: draws.pick(['，', '。', '；']) },
    );
  let [x, y] = [24 + em * 2, 66];
  for (const { text, field } of parts) {
    let line = '';
    const flush = (): void => {
      if (line !== '') x = sheet.write(line, x, y, em, field === undefined ? {} : { field });
      line = '';
    };
    for (const char of text) {
      if (x + widthOf(line + char, em) > 186 && !/[，。、；：]/u.test(char)) {
        flush();
        [x, y] = [24, y + em * 1.65];
      }
      line += char;
    }
    flush();
  }
  return { sheet };
}

/** Short values with what they are behind them. */
function explained(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4Wide);
  titled(sheet, task, 26, 10);
  const em = draws.between(3.8, 4.4);
  let y = 56;
  for (const { field, text } of entriesOf(task)) {
    if (widthOf(text, em) > 180) {
      sheet.write(label(field), 30, y, em);
      y = sheet.wrap(text, 70, y, em, 190, { field: field.id }) + em * 0.8;
      continue;
    }
    const right = sheet.write(text, 30, y, em, { field: field.id });
    sheet.write(
      draws.chance(0.5) ? `(${label(field)})` : `[${label(field)}]`,
      Math.max(right + em * 0.5, draws.pick([0, 120])),
      y,
      em * 0.8,
    );
    y += em * draws.between(1.9, 2.4);
  }
  return { sheet };
}

/** The record's own qualification and others, each in a line of its own. */
function severalQualifications(task: Task): Laid {
  const { draws, label, words, values } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 32, 10);
  const em = draws.between(4, 4.6);
  let y = 62;
  for (const { field, text } of entriesOf(task)) {
    if (field.id === 'qualificationCategoryAndGrade') continue;
    const right = sheet.write(`${label(field)}：`, 24, y, em);
    y = sheet.wrap(text, right, y, em, 180 - right, { field: field.id }) + em * 0.5;
  }
  const field = task.document.fields.find(({ id }) => id === 'qualificationCategoryAndGrade');
  if (field) sheet.write(`${label(field)}：`, 24, y, em);
  const held = [values.texts['qualificationCategoryAndGrade'] ?? ''];
  for (let more = draws.whole(1, 3); more > 0; more -= 1) {
    const other = words.one('qualifications');
    if (held.every((text) => !text.startsWith(other))) held.push(other + words.one('grades'));
  }
  for (const text of held) {
    y += em * 1.6;
    sheet.write(text, 34, y, em, { field: 'qualificationCategoryAndGrade' });
  }
  values.texts['qualificationCategoryAndGrade'] = held.join('；');
  decorate(sheet, task);
  return { sheet };
}
