/**
 * Families for evaluation alone. Nobody looks at single pages of these, makes a rule after them or fits a weight on them:
 * what helps here must have been found on the families of development.ts or on real papers.
 */
import type { Family, Laid, Task } from './family.ts';
import { a4, a4Wide, decorate, entriesOf, titled } from './family.ts';
import { createSheet, spreadTo, widthOf } from '../sheet.ts';
import { englishFor } from '../labels.ts';
import { layCard } from './cards.ts';

export const unseenFamilies: readonly Family[] = [
  { name: 'licence-zones', documents: ['business-licence'], lay: licenceZones },
  { name: 'old-licence-tall', documents: ['business-licence'], lay: oldLicenceTall },
  { name: 'leaders', lay: leaders },
  { name: 'tall-label-cells', lay: tallLabelCells },
  { name: 'english-below', lay: englishBelow },
  { name: 'centred-stack', lay: centredStack },
  { name: 'run-on', lay: runOn },
  { name: 'caption-under', lay: captionUnder },
  { name: 'value-first', lay: valueFirst },
  { name: 'heads-over-rows', lay: headsOverRows },
  { name: 'cards-beside', documents: ['resident-id-card'], lay: (task) => layCard(task, 'beside') },
  { name: 'cards-filling', documents: ['resident-id-card'], lay: (task) => layCard(task, 'filling') },
];

function licenceZones(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4Wide);
  titled(sheet, task, 22, 14);
  const em = draws.between(3.7, 4.3);
  const entries = entriesOf(task);
  const narrow = draws.shuffle(entries.filter(({ text }) => widthOf(text, em) < 66));
  const wide = draws.shuffle(entries.filter(({ text }) => widthOf(text, em) >= 66));
  let y = 54;
  narrow.forEach(({ field, text }, index) => {
    const x = 20 + (index % 3) * 90;
    const name = label(field);
    const right = sheet.write(name, x, y, em, {
      spacing: draws.chance(0.4) ? spreadTo(name, 5, em) : 0,
      weight: 700,
    });
    sheet.write(
      text,
      Math.min(right + em * draws.between(0.3, 1.2), x + 88 - widthOf(text, em)),
      y + draws.between(-0.8, 0.8),
      em,
      { field: field.id },
    );
    if (index % 3 === 2 || index === narrow.length - 1) y += em * 2.4;
  });
  for (const { field, text } of wide) {
    const right = sheet.write(label(field), 20, y, em, { weight: 700 });
    y =
      sheet.wrap(text, Math.max(right + em, 52), y, em, 210, { field: field.id }) +
      em * draws.between(0.3, 1);
  }
  decorate(sheet, task);
  return { sheet };
}

function oldLicenceTall(task: Task): Laid {
  const { draws, words, values } = task;
  const sheet = createSheet(...a4);
  sheet.write(draws.pick(['企业法人营业执照', '营业执照']), 50, 34, 13, { spacing: 1.5, weight: 700 });
  sheet.write(`注册号：${words.registrationNumber()}`, 70, 60, 4.2);
  const em = draws.between(4.3, 5);
  const rows = draws.shuffle([
    ['名　　称', 'companyName'],
    ['住　　所', 'address'],
    [draws.pick(['法定代表人', '负责人']), 'legalRepresentative'],
    ['注 册 资 本', 'registeredCapital'],
    ['公 司 类 型', 'companyType'],
    ['成 立 日 期', 'establishedOn'],
    ['营 业 期 限', 'businessTerm'],
    ['经 营 范 围', 'businessScope'],
  ] as const);
  let y = 78;
  for (const [name, id] of rows) {
    sheet.write(name, 24, y, em);
    y =
      sheet.wrap(values.texts[id] ?? '', 24 + em * 8, y, em, 118, { field: id, leading: 1.4 }) +
      em * draws.between(0.3, 1);
  }
  const right = sheet.write('发照机关', 100, 258, em);
  sheet.write(values.texts['registrationAuthority'] ?? '', right + em, 258, em * 0.9, {
    field: 'registrationAuthority',
  });
  sheet.write(words.date(words.day(2000, 2014)), 125, 270, em);
  decorate(sheet, task);
  return { sheet, absent: ['creditCode'] };
}

function leaders(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 34, 10);
  const em = draws.between(3.9, 4.6);
  let y = 64;
  for (const { field, text } of entriesOf(task)) {
    const right = sheet.write(label(field), 22, y, em);
    const width = widthOf(text, em);
    if (width > 150 - (right - 22)) {
      y = sheet.wrap(text, 74, y, em, 116, { field: field.id }) + em * 0.8;
      continue;
    }
    const start = 190 - width;
    if (draws.chance(0.5))
      sheet.write('.'.repeat(Math.max(2, Math.floor((start - right - 4) / (em * 0.5)))), right + 2, y, em);
    sheet.write(text, start, y, em, { field: field.id });
    y += em * draws.between(1.8, 2.6);
  }
  decorate(sheet, task);
  return { sheet };
}

/** A label broken over two lines of a narrow cell, its value in a tall one beside it. */
function tallLabelCells(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 28, 9);
  const em = draws.between(3.6, 4.2);
  let y = 50;
  for (const { field, text } of entriesOf(task)) {
    const name = label(field);
    const half = Math.ceil([...name].length / 2);
    const isBroken = [...name].length >= 4 && draws.chance(0.6);
    const lines = Math.max(1, Math.ceil(widthOf(text, em) / 118));
    const height = Math.max(isBroken ? em * 3.6 : em * 2.2, em * 1.4 * lines + em);
    const middle = y + height / 2;
    if (isBroken) {
      sheet.write([...name].slice(0, half).join(''), 26, middle - em * 1.25, em);
      sheet.write([...name].slice(half).join(''), 26, middle + em * 0.1, em);
    } else sheet.write(name, 24, middle - em / 2, em);
    sheet.wrap(text, 62, middle - (lines * em * 1.4) / 2, em, 120, { field: field.id, leading: 1.4 });
    sheet.rules.push({ x0: 20, y0: y, x1: 190, y1: y });
    y += height;
  }
  sheet.rules.push({ x0: 20, y0: y, x1: 190, y1: y });
  for (const x of [20, 58, 190]) sheet.rules.push({ x0: x, y0: 50, x1: x, y1: y });
  return { sheet };
}

function englishBelow(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 30, 10);
  const em = draws.between(3.9, 4.5);
  let y = 58;
  for (const { field, text } of entriesOf(task)) {
    const right = sheet.write(label(field) + draws.pick(['', '：']), 22, y, em);
    sheet.write(englishFor(field), 22, y + em * 1.25, em * 0.65);
    y =
      Math.max(sheet.wrap(text, Math.max(68, right + em), y, em, 122, { field: field.id }), y + em * 2.1) +
      em * draws.between(0.1, 0.5);
  }
  decorate(sheet, task);
  return { sheet };
}

function centredStack(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 26, 10);
  const em = draws.between(3.9, 4.6);
  let y = 52;
  const centred = (text: string, size: number, field?: string): void => {
    sheet.write(
      text,
      (210 - widthOf(text, size)) / 2,
      y,
      size,
      field === undefined ? { colour: '#555' } : { field },
    );
    y += size * 1.5;
  };
  for (const { field, text } of entriesOf(task)) {
    centred(label(field) + draws.pick(['', '：']), em * 0.85);
    let line = '';
    for (const char of text) {
      if (widthOf(line + char, em) > 150 && !/[，。、；）]/u.test(char)) {
        centred(line, em, field.id);
        line = '';
      }
      line += char;
    }
    centred(line, em, field.id);
    y += em * draws.between(0.3, 0.9);
  }
  return { sheet };
}

/** Labels and values in one running text, line after line. */
function runOn(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 36, 10);
  const em = draws.between(4, 4.6);
  const joint = draws.pick(['；', '，', '。', '　']);
  let x = 24;
  let y = 70;
  const run = (text: string, field?: string): void => {
    let line = '';
    const flush = (): void => {
      if (line === '') return;
      x = sheet.write(line, x, y, em, field === undefined ? {} : { field });
      line = '';
    };
    for (const char of text) {
      if (x + widthOf(line + char, em) > 188 && !/[，。、；：）]/u.test(char)) {
        flush();
        [x, y] = [24, y + em * 1.7];
      }
      line += char;
    }
    flush();
  };
  for (const { field, text } of entriesOf(task)) {
    run(`${label(field)}${draws.pick(['：', '为', ':'])}`);
    run(text.replace(/。$/u, ''), field.id);
    run(joint);
  }
  return { sheet };
}

/** As on forms to be signed: the value over a rule, what it is under it. */
function captionUnder(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 30, 10);
  const em = draws.between(4, 4.6);
  let y = 62;
  for (const { field, text } of entriesOf(task)) {
    const bottom = sheet.wrap(text, 30, y, em, 150, { field: field.id, leading: 1.4 });
    sheet.rules.push({ x0: 28, y0: bottom - em * 0.1, x1: 184, y1: bottom - em * 0.1 });
    sheet.write(`（${label(field)}）`, draws.pick([30, 80]), bottom + em * 0.2, em * 0.75, {
      colour: '#555',
    });
    y = bottom + em * draws.between(1.9, 2.6);
  }
  return { sheet };
}

function valueFirst(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4);
  titled(sheet, task, 32, 10);
  const em = draws.between(4, 4.5);
  let y = 64;
  for (const { field, text } of entriesOf(task)) {
    if (widthOf(text, em) > 116) {
      const right = sheet.write(`${label(field)}：`, 24, y, em);
      y = sheet.wrap(text, right, y, em, 186 - right, { field: field.id }) + em * 0.8;
      continue;
    }
    const right = sheet.write(text, 24, y, em, { field: field.id });
    sheet.write(`（${label(field)}）`, right + em * draws.between(0.2, 0.8), y, em * 0.85);
    y += em * draws.between(1.9, 2.5);
  }
  return { sheet };
}

/** Tables whose heads stand over their values, some heads under a common one. */
function headsOverRows(task: Task): Laid {
  const { draws, label } = task;
  const sheet = createSheet(...a4Wide);
  titled(sheet, task, 22, 9);
  const em = draws.between(3.2, 3.7);
  const entries = entriesOf(task);
  let y = 44;
  for (let from = 0; from < entries.length; from += 4) {
    const group = entries.slice(from, from + 4);
    const width = 260 / group.length;
    if (group.length > 1 && draws.chance(0.5)) {
      const common = draws.pick(['基本情况', '登记事项', '有关信息', '主要内容']);
      sheet.write(common, 148 - widthOf(common, em) / 2, y + 2, em);
      sheet.rules.push({ x0: 18, y0: y, x1: 278, y1: y });
      y += em * 2;
    }
    let bottom = y + em * 4;
    group.forEach(({ field, text }, index) => {
      const x = 18 + index * width;
      const name = label(field);
      sheet.write(name, x + (width - widthOf(name, em)) / 2, y + 2, em);
      const isShort = widthOf(text, em) < width - 4;
      const left = isShort ? x + (width - widthOf(text, em)) / 2 : x + 2;
      bottom = Math.max(
        bottom,
        sheet.wrap(text, left, y + em * 2 + 2, em, width - 4, { field: field.id, leading: 1.35 }) + 2,
      );
      sheet.rules.push({ x0: x, y0: y, x1: x, y1: bottom });
    });
    for (const height of [y, y + em * 2, bottom])
      sheet.rules.push({ x0: 18, y0: height, x1: 278, y1: height });
    y = bottom;
  }
  return { sheet };
}
