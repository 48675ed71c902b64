/** What effects write into the registers must be what the programme knows: else nobody would ever find it there. */
import type { Effect } from './effect.ts';
import { fieldAt } from './field-at.ts';
import type { ParsedFiles } from './parsed-files.ts';
import { reportRepeats } from './report.ts';
import type { Report } from './report.ts';
import type { Programme, RecordKind } from './schema.ts';
import { caseMoments } from './workflow.ts';
import { opens } from './workflow-references.ts';
import { workColumns } from './works.ts';

interface Own {
  programme: Pick<Programme, 'works' | 'qualifications'>;
  files: ParsedFiles;
  report: Report;
}

/** Units and posts of the programme's works. */
export function checkWorks({ works, subjectRoles }: Programme, report: Report): void {
  if (!works) return;
  for (const part of ['unitRoles', 'posts', 'fields'] as const)
    reportRepeats(works[part], `works.${part}`, report);
  if (!subjectRoles.some(({ id }) => id === works.owner))
    report('works.owner', `unknown subject role: ${works.owner}`);
  works.posts.forEach(({ unit }, index) => {
    if (unit !== undefined && !works.unitRoles.some(({ id }) => id === unit))
      report(`works.posts.${index}.unit`, `no unit role of the programme: ${unit}`);
  });
}

/** A field that begins as what no work has would be empty for ever without a word. */
export function checkOfWork(
  { ofWork, form }: RecordKind,
  { programme: { works }, report }: Omit<Own, 'files'>,
): void {
  if (!ofWork) return;
  if (!works) return report('ofWork', 'this programme knows of no works');
  const demandField = (path: string, id: string): void => {
    if (!form.some((field) => field.id === id)) report(path, `no field of this form: ${id}`);
  };
  demandField('ofWork.field', ofWork.field);
  const known = [...workColumns, ...workBodies, ...works.fields.map(({ id }) => id)];
  for (const part of ['shows', 'starts'] as const)
    for (const [own, of] of Object.entries(ofWork[part])) {
      demandField(`ofWork.${part}`, own);
      if (!known.includes(of))
        report(`ofWork.${part}`, `no work has this: ${of} (known: ${known.join(', ')})`);
    }
  if (ofWork.begins === 'choice' && !ofWork.choice)
    report('ofWork.choice', 'missing: what is the dialog called?');
}
const workBodies = ['authority', 'supervisor'];

/** Of every workflow that a record of this kind may come to. */
export function checkOwnNouns(kind: RecordKind, { programme, files, report }: Own): void {
  const actions = Object.entries(kind.actions ?? {}).flatMap(([id, { opens: start }]) =>
    start === undefined ? [] : [[`actions.${id}.opens`, start] as const],
  );
  for (const [path, start] of [['workflow', kind.workflow] as const, ...actions])
    for (const id of opens(start, files)) {
      const workflow = files.workflows.find(({ value }) => value.id === id)?.value;
      for (const effect of caseMoments.flatMap((moment): Effect[] => workflow?.effects?.[moment] ?? []))
        for (const problem of problemsOf(effect, kind, programme)) report(path, `${id}: ${problem}`);
    }
}

function problemsOf(
  effect: Effect,
  kind: RecordKind,
  { works, qualifications = [] }: Own['programme'],
): string[] {
  if (effect.effect === 'change-work') {
    const known: readonly string[] = [...workColumns, ...(works?.fields ?? []).map(({ id }) => id)];
    return Object.keys(effect.set)
      .filter((id) => !known.includes(id))
      .map((id) => `change-work sets what no work has: ${id} (known: ${known.join(', ')})`);
  }
  if (effect.effect !== 'note-qualification') return [];
  const named = typeof effect.kind === 'string' ? [effect.kind] : choicesAt(effect.kind, kind);
  if (named.length === 0) return ['note-qualification: its kind is no choice'];
  return named
    .filter((one) => !qualifications.some(({ id }) => id === one))
    .map((one) => `note-qualification notes what is no qualification of the programme: ${one}`);
}

const choicesAt = (
  place: Exclude<(Effect & { effect: 'note-qualification' })['kind'], string>,
  kind: RecordKind,
) => (fieldAt(kind, place, () => undefined)?.choices ?? []).map(({ value }) => value);
