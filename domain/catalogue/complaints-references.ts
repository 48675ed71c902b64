import type { Complaints } from './complaints.ts';
import type { ParsedFiles } from './parsed-files.ts';
import type { Report } from './report.ts';

/** A complaint is about a record as it was pushed: it is never sent back to the applicant, and no machine decides it. */
export function checkComplaints(
  { workflow: id }: Complaints,
  { workflows }: Pick<ParsedFiles, 'workflows'>,
  report: Report,
): void {
  const workflow = workflows.find(({ value }) => value.id === id)?.value;
  if (!workflow) return report('complaints.workflow', `unknown workflow: ${id}`);
  if ((workflow.about ?? 'record') !== 'record')
    report('complaints.workflow', `${id} is not about a record, and a complaint is`);
  if (workflow.withdraw !== undefined)
    report('complaints.workflow', `${id} lets the applicant withdraw what others lodged`);
  for (const { id: step, automatic, decisions } of workflow.steps) {
    if (automatic) report('complaints.workflow', `${id}: a machine decides ${step}`);
    if (decisions.some(({ outcome }) => outcome === 'returned'))
      report('complaints.workflow', `${id}: ${step} returns what was never handed in`);
  }
}
