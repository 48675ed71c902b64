import type { Actor } from '#domain/accounts/schema.ts';
import { hasApproved, partiesAt, waitingSince } from '#domain/cases/engine.ts';
import type { Case, CaseParty } from '#domain/cases/schema.ts';
import { deadlineOf } from '#domain/cases/working-days.ts';
import type { WorkingCalendar } from '#domain/cases/working-days.ts';
import { tellApplicant } from '#domain/cases/tell-applicant.ts';
import type { Catalogue, Programme } from '#domain/catalogue/schema.ts';
import { assigneesOf } from '#domain/catalogue/workflow.ts';
import type { CaseAbout, Decision, WorkflowStep } from '#domain/catalogue/workflow.ts';
import type { CaseComplaint, CaseDetail, CaseStepView } from '#domain/contracts/desk/case-detail.ts';
import type { Complaint } from '#domain/record/standing.ts';
import type { RegisterRows } from '../../ports/register-rows.ts';

/** The step that waits, as the desk shows it. */
export function stepView(
  current: Case,
  step: WorkflowStep,
  { actor, calendar, now }: { actor: Actor; calendar: WorkingCalendar; now: string },
): CaseStepView {
  const { dueDays: days } = step;
  return {
    id: step.id,
    title: step.title,
    mode: assigneesOf(step).mode,
    ...(days === undefined ? {} : { dueDays: days }),
    ...(step.opinion ? { opinion: step.opinion } : {}),
    ...(days === undefined || current.state !== 'open'
      ? {}
      : { deadline: deadlineOf(calendar, { since: waitingSince(current), days, now }) }),
    parties: partiesAt(current).map((party) => {
      const claim = current.claims.find((one) => one.party === party.key);
      return {
        key: party.key,
        title: titleOf(party),
        hasApproved: hasApproved(current, party.key),
        ...(claim ? { claimedBy: claim.name } : {}),
        isOwnClaim: claim?.account === actor.account,
      };
    }),
  };
}

const titleOf = ({ department, person, administered }: CaseParty): string =>
  person?.name ?? department ?? administered?.name ?? '';

export const decisionView = ({
  id,
  label,
  opinion,
  outcome,
  tone,
}: Decision): CaseDetail['decisions'][number] => ({
  id,
  label,
  opinion,
  outcome,
  ...(tone ? { tone } : {}),
});

/** In the words of today's workflow, which may name its steps otherwise than the one it runs by. */
export function complaintView(
  current: Case & { complaint: Complaint },
  { workflows }: Pick<Catalogue, 'workflows'>,
): CaseComplaint {
  const workflow = workflows.find(({ id }) => id === current.workflow);
  const told = workflow && tellApplicant(current, workflow);
  return {
    ...current.complaint,
    ...{ caseId: current.id, state: current.state, text: told?.text ?? current.state },
    ...(told?.opinion === undefined ? {} : { opinion: told.opinion }),
    at: told?.at ?? current.openedAt,
  };
}

interface AboutFacts {
  registers: Pick<RegisterRows, 'about'>;
  /** For the titles of posts. */
  programme: Pick<Programme, 'locks'> | undefined;
  at: string;
}

/** What a case is about, and what the registers say of it now. */
export async function describeAbout(
  { kind, id }: Case['about'],
  { registers, programme, at }: AboutFacts,
): Promise<CaseDetail['about']> {
  if (kind === 'record' || kind === 'account') return { title: titles[kind], facts: [] };
  const { persons, works, locks } = await registers.about([id], at);
  const fact = (label: string, value: string | undefined) => ({ label, value: value ?? '登记簿中没有' });
  if (kind === 'work') {
    const work = works?.rows.find((row) => row.id === id);
    return {
      title: titles.work,
      facts: [
        fact('工程名称', work?.name),
        fact('主管部门', work?.authority),
        fact('监督机构', work?.supervisor),
      ],
    };
  }
  const person = persons?.rows.find((row) => row.id === id);
  const standing = (locks?.rows ?? []).map(({ post, work }) => {
    const postTitle = programme?.locks?.find((rule) => rule.post === post)?.title ?? post;
    return `${postTitle}（${works?.rows.find((row) => row.id === work)?.name ?? work}）`;
  });
  return {
    title: titles[kind],
    facts: [
      fact('姓名', person?.name),
      fact('所属单位', person?.unit),
      { label: '锁定状态', value: standing.length === 0 ? '未锁定' : `锁定：${standing.join('、')}` },
    ],
  };
}

const titles = {
  record: '信息',
  account: '账号',
  person: '人员',
  work: '工程',
  lock: '人员锁定',
} as const satisfies Record<CaseAbout, string>;
