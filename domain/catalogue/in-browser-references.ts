/** What a kind names where it is entered at a portal: slots, kinds and fields that are there. */
import { canReach } from '../accounts/identity.ts';
import { fieldAt } from './field-at.ts';
import type { ValuePlace } from './in-browser.ts';
import type { Parsed, ParsedFiles } from './parsed-files.ts';
import { reportRepeats } from './report.ts';
import type { Report } from './report.ts';
import type { RecordKind } from './schema.ts';

interface Around {
  /** Record kinds of the same programme. */
  kinds: readonly Parsed<RecordKind>[];
  files: Pick<ParsedFiles, 'documentTypes'>;
}

export function checkInBrowser(kind: RecordKind, around: Around, report: Report): void {
  const { browser, materials, attachments = [], asked } = kind;
  if (!browser) return;
  const { assurance, answers, first, voiding } = browser;
  for (const { kind: who, level } of assurance ? [assurance].flat() : [])
    if (!canReach(who, level)) report('browser.assurance', `no ${who} is ever proved at the level ${level}`);
  if (answers && asked.length === 0)
    report('browser.answers', 'nothing is asked: there is no list of answers');
  if (first && !materials.some(({ id }) => id === first.slot))
    report('browser.first.slot', `unknown slot: ${first.slot}`);
  for (const { id } of attachments)
    if (materials.some((slot) => slot.id === id))
      report('attachments', `also the id of a paper, which is attached in a browser: ${id}`);
  checkPicks(kind, report);
  voiding?.reliedOnBy.forEach(({ recordKind, at, own }, index) => {
    const place = `browser.voiding.reliedOnBy.${index}`;
    if (!isThere(own, kind, around)) report(`${place}.own`, 'no such field of this kind');
    const other = around.kinds.find(({ value }) => value.id === recordKind)?.value;
    if (!other) return report(`${place}.recordKind`, `unknown record kind: ${recordKind}`);
    if (!isThere(at, other, around)) report(`${place}.at`, `no such field of ${recordKind}`);
  });
}

function checkPicks({ browser, form }: RecordKind, report: Report): void {
  const picks = browser?.picks ?? [];
  reportRepeats(picks, 'browser.picks', report);
  if (picks.filter(({ begins }) => begins).length > 1)
    report('browser.picks', 'a record begins with one person');
  picks.forEach(({ fills, begins, button }, index) => {
    for (const field of Object.keys(fills))
      if (!form.some(({ id }) => id === field))
        report(`browser.picks.${index}.fills.${field}`, `no such field of the form: ${field}`);
    if ((begins === true) === (button !== undefined))
      report(
        `browser.picks.${index}.button`,
        'a button opens what does not begin the record, and nothing else',
      );
  });
}

const isThere = (place: ValuePlace, kind: RecordKind, { files }: Around): boolean =>
  fieldAt(kind, place, (id) => files.documentTypes.find(({ value }) => value.id === id)?.value) !== undefined;
