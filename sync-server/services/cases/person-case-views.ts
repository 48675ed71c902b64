import type { Case } from '#domain/cases/schema.ts';
import { findRecordKind } from '#domain/catalogue/lookup.ts';
import type { Field } from '#domain/catalogue/field.ts';
import type { Todo, TodoDetail } from '#domain/contracts/mobile/todos.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import { maskIdNumber, maskMobile } from '#domain/text/masking.ts';
import type { StoredCase } from '../../ports/case-rows.ts';
import { stepTitleOf } from './case-opening.ts';
import type { FoundCase } from './found-case.ts';

const isWaitingFor = ({ state, step, parties }: Case, own: string): boolean =>
  state === 'open' && parties.some((party) => party.step === step && party.key === own);

/** `own`: the person's party. */
export function todoOf({
  case: current,
  title,
  kindTitle,
  subjectName,
  own,
  ...rest
}: Pick<StoredCase, 'case' | 'kindTitle' | 'subjectName'> & {
  title: string;
  own: string;
} & ({ stepTitle: string } | Pick<FoundCase, 'workflow'>)): Todo {
  return {
    ...{ id: current.id, title, kindTitle, subjectName, openedAt: current.openedAt, state: current.state },
    stepTitle: 'workflow' in rest ? stepTitleOf(current, rest.workflow) : rest.stepTitle,
    isWaiting: isWaitingFor(current, own),
  };
}

/** What was filled in, in the order of the form, but for fields that are not for people; numbers of persons show their ends alone. */
export function describeFields(
  { owner, pinned }: FoundCase,
  hidden: readonly string[] = [],
): TodoDetail['fields'] {
  if (!owner) return [];
  const { form, programme, kind } = owner.record;
  const fields = findRecordKind(pinned, programme, kind)?.form ?? [];
  return fields.flatMap((field) => {
    const value = form[field.id]?.trim() ?? '';
    return value === '' || hidden.includes(field.id)
      ? []
      : [{ label: field.label, value: shown(field, value) }];
  });
}

function shown(field: Field, value: string): string {
  if (field.kind === 'id-number') return maskIdNumber(value);
  if (field.kind === 'phone') return maskMobile(value);
  return fieldRules[field.kind].format(value, field);
}

export function describeAttachments({ owner, pinned }: FoundCase): TodoDetail['attachments'] {
  if (!owner) return [];
  const { attachments = [], programme, kind } = owner.record;
  const slots = findRecordKind(pinned, programme, kind)?.attachments ?? [];
  return attachments.map(({ attachment, name, mime }, index) => ({
    ...{ index, name, mime },
    title: slots.find(({ id }) => id === attachment)?.title ?? attachment,
  }));
}
