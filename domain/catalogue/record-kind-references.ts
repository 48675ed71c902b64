/** What a record kind declares and one file alone cannot show: that the steps, papers and fields it names are there. */
import { canReach } from '../accounts/identity.ts';
import type { ParsedFiles } from './parsed-files.ts';
import { journeyOf, needsOf } from './record-kind.ts';
import type { AttachmentSlot, JourneyStep } from './record-kind.ts';
import { reportRepeats } from './report.ts';
import type { Report } from './report.ts';
import type { DocumentType, RecordKind } from './schema.ts';

type TypeOfSlot = (slot: string) => DocumentType | undefined;

export function checkDeclared(
  kind: RecordKind,
  files: ParsedFiles,
  typeOfSlot: TypeOfSlot,
  report: Report,
): void {
  const { materials, attachments = [], form, asked } = kind;
  reportRepeats(attachments, 'attachments', report);
  attachments.forEach((slot, index) =>
    checkReads(slot, { kind, files, at: `attachments.${index}.reads`, report }),
  );
  if (materials.length + attachments.length + form.length + asked.length === 0)
    report('', 'a record of this kind holds nothing: no form, no answers, no papers, no attachments');
  checkNeeds(kind, report);
  for (const [id, action] of Object.entries(kind.actions ?? {})) {
    action.guards?.forEach((guard, index) => {
      if (!files.guards.some(({ value }) => value.id === guard))
        report(`actions.${id}.guards.${index}`, `unknown guard: ${guard}`);
    });
    const { opens } = action;
    if (opens !== undefined && !files.workflows.some(({ value }) => value.id === opens))
      report(`actions.${id}.opens`, `unknown workflow: ${opens}`);
  }
  checkAgreements(kind, typeOfSlot, report);
}

/** A paper that fills the form is a known one, and so are its fields and those of the form. */
function checkReads(
  { reads }: AttachmentSlot,
  { kind, files, at, report }: { kind: RecordKind; files: ParsedFiles; at: string; report: Report },
): void {
  if (!reads) return;
  const documentType = files.documentTypes.find(({ value }) => value.id === reads.documentType)?.value;
  if (!documentType) return report(`${at}.documentType`, `unknown document type: ${reads.documentType}`);
  for (const [from, to] of Object.entries(reads.fills)) {
    if (!documentType.fields.some(({ id }) => id === from))
      report(`${at}.fills.${from}`, `unknown field of ${documentType.id}: ${from}`);
    if (!kind.form.some(({ id }) => id === to))
      report(`${at}.fills.${from}`, `unknown field of the form: ${to}`);
  }
}

function checkNeeds(kind: RecordKind, report: Report): void {
  if (kind.materials.length === 0 && kind.needs?.seal === 'material')
    report('needs.seal', 'no paper to be sealed: say record or none');
  if (kind.materials.length === 0 && kind.needs?.check === 'required')
    report('needs.check', 'no paper to be checked: say none');
  const { seal, check, assurance } = needsOf(kind);
  if (!canReach(assurance.kind, assurance.level))
    report('needs.assurance', `${assurance.kind} never reaches ${assurance.level}`);
  const needed: Partial<Record<JourneyStep, boolean>> = {
    capture: kind.materials.length > 0,
    mark: check === 'required',
    seal: seal === 'material',
    check: check === 'required',
    submit: true,
  };
  const steps = journeyOf(kind);
  for (const [step, isNeeded] of Object.entries(needed))
    if (isNeeded && !steps.some((one) => one === step))
      report('journey', `${step} is left out, and this kind needs it`);
}

function checkAgreements(kind: RecordKind, typeOfSlot: TypeOfSlot, report: Report): void {
  kind.agreements?.forEach((agreement, index) => {
    const at = `agreements.${index}`;
    const { chosen, slot, field, with: beside = [], among, compare } = agreement;
    const documentType = typeOfSlot(slot);
    if (!documentType) return report(`${at}.slot`, `unknown slot: ${slot}`);
    for (const id of [field, ...beside, ...(among === undefined ? [] : [among])]) {
      const found = documentType.fields.find((one) => one.id === id);
      if (!found) report(at, `unknown field: ${id}`);
      else if (found.weight === 'plain')
        report(at, `${id} is not compared with the paper, so nothing agrees with it`);
    }
    const target = documentType.fields.find((one) => one.id === field);
    if (compare === 'month' && target && target.kind !== 'period' && target.kind !== 'date')
      report(`${at}.compare`, `month needs a date or a period, ${field} is ${target.kind}`);
    if ('always' in chosen) return;
    const [place, fields, id] =
      'answer' in chosen
        ? (['answer', kind.asked, chosen.answer] as const)
        : (['form', kind.form, chosen.form] as const);
    const source = fields.find((one) => one.id === id);
    if (!source) return report(`${at}.chosen.${place}`, `unknown field: ${id}`);
    if (source.kind === 'choice' && !source.choices.some(({ paper }) => paper))
      report(`${at}.chosen.${place}`, `no choice of ${id} says how it stands on paper`);
  });
}
