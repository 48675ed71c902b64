/** What one file alone cannot show: ids that are used must exist, ids that are given must be unique, regexes must compile. */
import { checkComplaints } from './complaints-references.ts';
import { checkCredentials } from './credentials-references.ts';
import { compiles, reportRepeats } from './report.ts';
import type { Report } from './report.ts';
import { checkOperators } from './operator-references.ts';
import { checkDeclared } from './record-kind-references.ts';
import type { Parsed, ParsedFiles, Problem } from './parsed-files.ts';
import type { DocumentType, RecordKind } from './schema.ts';
import type { Field } from './field.ts';
import type { ValuePlace } from './in-browser.ts';
import { checkInstitutions } from './portal-institutions.ts';
import { checkPapers } from './paper-references.ts';
import { checkPartOf } from './part-of-references.ts';
import { checkPortal } from './portal-references.ts';
import { checkInBrowser } from './in-browser-references.ts';
import { checkSynchronise } from './synchronise-references.ts';
import { checkUserCentre } from './user-centre-references.ts';
import { checkOfWork, checkOwnNouns, checkWorks } from './register-references.ts';
import { checkGuards, checkNamedFields, checkWorkflows } from './workflow-references.ts';

export function findProblems(files: ParsedFiles): Problem[] {
  const problems: Problem[] = [];
  const reporter =
    (file: string): Report =>
    (path, message) =>
      problems.push({ file, path, message });

  for (const group of [files.programmes, files.documentTypes, files.workflows, files.guards])
    reportRepeatedFiles(group, reporter);
  for (const { file, value } of files.documentTypes) checkDocumentType(value, reporter(file));
  checkWorkflows(files, reporter);
  checkGuards(files, reporter);
  for (const { file, folder, value } of files.recordKinds) {
    const report = reporter(file);
    if (!files.programmes.some((programme) => programme.folder === folder))
      report('', `no programme.yaml in programmes/${folder}`);
    checkRecordKind(value, files, report);
    checkNamedFields(value, files, report);
  }
  for (const { file, folder, value } of files.programmes) {
    const report = reporter(file);
    if (value.id !== folder) report('id', `the id must equal the folder's name, ${folder}`);
    const kinds = files.recordKinds.filter((kind) => kind.folder === folder);
    for (const { file: of, value: kind } of kinds) checkInBrowser(kind, { kinds, files }, reporter(of));
    reportRepeatedFiles(kinds, reporter);
    for (const kind of kinds) checkPartOf(kind.value, { kinds, files, report: reporter(kind.file) });
    for (const kind of kinds) {
      const own = { programme: value, files, report: reporter(kind.file) };
      checkOwnNouns(kind.value, own);
      checkOfWork(kind.value, own);
    }
    checkWorks(value, report);
    for (const kind of kinds) checkPapers(kind.value, { kinds, files, report: reporter(kind.file) });
    reportRepeats(value.sections, 'sections', report);
    reportRepeats(value.subjectRoles, 'subjectRoles', report);
    reportRepeats(value.pushFields, 'pushFields', report);
    value.pushFields.forEach(({ workflow }, index) => {
      if (workflow !== undefined && !files.workflows.some((one) => one.value.id === workflow))
        report(`pushFields.${index}.workflow`, `unknown workflow: ${workflow}`);
    });
    if (value.complaints) checkComplaints(value.complaints, files, report);
    if (value.credentials)
      checkCredentials(
        value.credentials,
        kinds.map((kind) => kind.value),
        report,
      );
    if (value.userCentre) checkUserCentre(value.userCentre, { programme: value, kinds, files, report });
    const programmes = files.programmes.map((one) => one.value);
    if (value.portal) checkPortal(value.portal, { programme: value, kinds, programmes, report });
    if (value.operators) checkOperators(value.operators, { kinds, files, report });
    if (value.portal?.institutions)
      checkInstitutions(value.portal.institutions, {
        roles: value.subjectRoles,
        programmes: programmes.map(({ id }) => id),
        report,
      });
    value.sections.forEach((section, index) => {
      section.recordKinds.forEach((id, at) => {
        if (!kinds.some((kind) => kind.value.id === id))
          report(`sections.${index}.recordKinds.${at}`, `unknown record kind: ${id}`);
      });
      section.roles.forEach((id, at) => {
        if (!value.subjectRoles.some((role) => role.id === id))
          report(`sections.${index}.roles.${at}`, `unknown subject role: ${id}`);
      });
    });
  }
  return problems;
}

function checkDocumentType(documentType: DocumentType, report: Report): void {
  checkFields(documentType.fields, 'fields', report);
  const has = (id: string) => documentType.fields.some((field) => field.id === id);
  for (const [key, id] of Object.entries(documentType.chip))
    if (!has(id)) report(`chip.${key}`, `unknown field: ${id}`);
  documentType.checks.forEach((check, index) => {
    if (!has(check.field)) report(`checks.${index}.field`, `unknown field: ${check.field}`);
    const kind = documentType.fields.find((field) => field.id === check.field)?.kind;
    if (check.kind === 'code-holds' && !compiles(check.pattern))
      report(`checks.${index}.pattern`, `not a regular expression: ${check.pattern}`);
    const dated = check.kind === 'not-expired' || check.kind === 'not-in-future';
    if (dated && kind && kind !== 'date' && kind !== 'period')
      report(`checks.${index}.field`, `${check.kind} needs a date or a period, ${check.field} is ${kind}`);
  });
  checkDerivations(documentType, report);
}

function checkDerivations({ derivations = [], fields }: DocumentType, report: Report): void {
  derivations.forEach(({ from, field, part }, index) => {
    const at = `derivations.${index}`;
    const kindOf = (id: string) => fields.find((candidate) => candidate.id === id)?.kind;
    if (kindOf(from) !== 'id-number') report(`${at}.from`, `${from} is no id-number of this certificate`);
    const wanted = part === 'born-on' ? 'date' : 'choice';
    if (kindOf(field) !== wanted) report(`${at}.field`, `${field} is no ${wanted} of this certificate`);
  });
}

function checkFields(fields: readonly Field[], path: string, report: Report): void {
  reportRepeats(fields, path, report);
  fields.forEach((field, index) => {
    const at = `${path}.${index}`;
    if (field.kind === 'choice' && field.choices.length === 0)
      report(`${at}.choices`, 'a choice needs choices');
    if (field.kind !== 'choice' && field.choices.length > 0)
      report(`${at}.choices`, `choices on a ${field.kind}`);
    if (field.onlyIf && !fields.some(({ id }) => id === field.onlyIf?.field))
      report(`${at}.onlyIf.field`, `unknown field: ${field.onlyIf.field}`);
    if (field.multiple && field.kind !== 'choice') report(`${at}.multiple`, 'only a choice may be multiple');
    field.choices.forEach((choice, position) => {
      if (field.choices.findIndex((other) => other.value === choice.value) !== position)
        report(`${at}.choices.${position}.value`, `given twice: ${choice.value}`);
      if (choice.value.includes(','))
        report(`${at}.choices.${position}.value`, 'a choice has no comma: it joins several');
    });
    for (const key of ['pattern', 'passage'] as const) {
      const pattern = field.find?.[key];
      if (pattern !== undefined && !compiles(pattern))
        report(`${at}.find.${key}`, `not a regular expression: ${pattern}`);
    }
    if (field.precision !== undefined && field.kind !== 'period')
      report(`${at}.precision`, `precision on a ${field.kind}`);
    const region = field.find?.region;
    if (region && (region.left >= region.right || region.top >= region.bottom))
      report(`${at}.find.region`, 'left must be less than right, top less than bottom');
  });
}

function checkRecordKind(kind: RecordKind, files: ParsedFiles, report: Report): void {
  checkFields(kind.asked, 'asked', report);
  checkFields(kind.form, 'form', report);
  reportRepeats(kind.materials, 'materials', report);
  if (!files.workflows.some((workflow) => workflow.value.id === kind.workflow))
    report('workflow', `unknown workflow: ${kind.workflow}`);
  const documentTypeOf = (slot: string) => {
    const id = kind.materials.find((material) => material.id === slot)?.documentType;
    return files.documentTypes.find((documentType) => documentType.value.id === id)?.value;
  };
  kind.materials.forEach((slot, index) => {
    const documentType = documentTypeOf(slot.id);
    if (!documentType)
      return report(`materials.${index}.documentType`, `unknown document type: ${slot.documentType}`);
    documentType.checks.forEach((check) => {
      if (check.kind !== 'equals-material') return;
      const other = documentTypeOf(check.slot);
      // A document may be used in kinds that have no such slot; then the check simply has nothing to compare.
      if (other && !other.fields.some((field) => field.id === check.otherField))
        report(
          `materials.${index}.documentType`,
          `${documentType.id} compares with an unknown field: ${check.otherField}`,
        );
    });
  });
  checkDeclared(kind, files, documentTypeOf, report);
  checkSynchronise(kind, { typeOfSlot: documentTypeOf, report });
  const checkPlace = (source: ValuePlace | { mode: string }, at: string): void => {
    if ('mode' in source) {
      if (!kind.materials.some((slot) => slot.id === source.mode))
        report(`${at}.mode`, `unknown slot: ${source.mode}`);
    } else if ('answer' in source) {
      if (!kind.asked.some((field) => field.id === source.answer))
        report(`${at}.answer`, `unknown answer: ${source.answer}`);
    } else if ('form' in source) {
      if (!kind.form.some((field) => field.id === source.form))
        report(`${at}.form`, `unknown field of the form: ${source.form}`);
    } else if (!kind.materials.some((slot) => slot.id === source.slot)) {
      report(`${at}.slot`, `unknown slot: ${source.slot}`);
    } else if (documentTypeOf(source.slot)?.fields.every((field) => field.id !== source.field)) {
      report(`${at}.field`, `unknown field: ${source.field}`);
    }
  };
  kind.columns.forEach(({ source }, index) => {
    if (typeof source !== 'string') checkPlace(source, `columns.${index}.source`);
  });
  kind.oncePer?.forEach((place, index) => checkPlace(place, `oncePer.${index}`));
  if (kind.oncePer && kind.browser) report('oncePer', 'a kind that is entered in browsers has none yet');
}

function reportRepeatedFiles(
  group: readonly Parsed<{ id: string }>[],
  reporter: (file: string) => Report,
): void {
  group.forEach((item, index) => {
    const first = group.findIndex((other) => other.value.id === item.value.id);
    if (first !== index)
      reporter(item.file)('id', `${item.value.id} is already given in ${group[first]?.file}`);
  });
}
