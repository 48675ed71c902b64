/**
 * A numbered change of the server, applied to the record it speaks of. Pure and idempotent: the same change again
 * answers the very same record, so that the caller sees there is nothing to write.
 */
import type { LightOverrule, LudengRecord, Operation, Push } from '../record/schema.ts';
import type { Change, RecordChange } from './schema.ts';

export function applyChange(record: LudengRecord, change: RecordChange): LudengRecord {
  switch (change.kind) {
    case 'record-stored':
      if (record.state !== 'submitted') return record;
      return changed(
        {
          ...record,
          state: 'stored',
          uniqueCode: change.uniqueCode,
          ...(change.digitalCertificate ? { digitalCertificate: change.digitalCertificate } : {}),
          ...(change.light ? { light: change.light } : {}),
        },
        {
          at: change.storedAt,
          by: '服务器',
          action: '入库',
          detail: [change.uniqueCode, change.note].filter((text) => text !== undefined).join('；'),
        },
      );
    case 'record-rejected':
      if (record.state !== 'submitted') return record;
      return changed(
        {
          ...record,
          state: 'rejected',
          rejection: { code: change.code, message: change.message, at: change.at },
        },
        { at: change.at, by: '服务器', action: '退回', detail: change.message },
      );
    case 'push-state':
      return applyPushState(record, change);
    case 'certificate-code':
      return applyCode(record, change.verificationCode);
    case 'record-superseded':
      return supersede(record, change.at);
    case 'light-overruled':
      return applyOverrule(record, change.overrule);
    default:
      return assertNever(change);
  }
}

/** The record that the new one replaces: it stays visible, and stands no more. */
export function supersede(record: LudengRecord, at: string): LudengRecord {
  if (record.state !== 'stored') return record;
  return changed({ ...record, state: 'superseded' }, { at, by: '服务器', action: '已由新信息替代' });
}

/** No operation: nobody did anything, and certificates of an earlier version get theirs long after they were issued. */
function applyCode(record: LudengRecord, verificationCode: string): LudengRecord {
  const { digitalCertificate } = record;
  if (!digitalCertificate || digitalCertificate.verificationCode === verificationCode) return record;
  return {
    ...record,
    revision: record.revision + 1,
    digitalCertificate: { ...digitalCertificate, verificationCode },
  };
}

type PushState = Extract<Change, { kind: 'push-state' }>;

function applyPushState(before: LudengRecord, change: PushState): LudengRecord {
  const record = withPush(before, change);
  const push = record.pushes.find((candidate) => candidate.id === change.pushId);
  // A decision is final; a late "under review" must not undo it.
  if (!push || push.state === change.state || push.state === 'approved' || push.state === 'refused')
    return before;
  const next: Push = { ...push, state: change.state };
  if (change.state !== 'under-review') {
    next.decidedAt = change.at;
    if (change.opinion !== undefined) next.opinion = change.opinion;
    if (change.decidedBy !== undefined) next.decidedBy = change.decidedBy;
  }
  const pushes = record.pushes.map((candidate) => (candidate.id === push.id ? next : candidate));
  return changed({ ...record, pushes }, operationOfPush(push, change));
}

/** One that was made at another counter comes with the first word on it. */
function withPush(record: LudengRecord, { pushId, push }: PushState): LudengRecord {
  if (!push || record.pushes.some(({ id }) => id === pushId)) return record;
  const { by, ...made } = push;
  return {
    ...record,
    pushes: [...record.pushes, { id: pushId, ...made, state: 'queued' }],
    operations: [...record.operations, { at: made.pushedAt, by, action: '信息推送', detail: made.fieldName }],
  };
}

function applyOverrule(record: LudengRecord, overrule: LightOverrule): LudengRecord {
  const overrules = record.overrules ?? [];
  if (overrules.some(({ id }) => id === overrule.id)) return record;
  return changed({ ...record, overrules: [...overrules, overrule] }, operationOfOverrule(overrule));
}

/** For the logs of station and desk. */
export function operationOfOverrule({ at, by, label, from, to, reason }: LightOverrule): Operation {
  return {
    at,
    by,
    action: '改判核验结果',
    detail: `${label}：${lightNames[from]}改为${lightNames[to]}，理由：${reason}`,
  };
}
const lightNames = { red: '红灯', yellow: '黄灯', green: '绿灯' } as const;

function operationOfPush(push: Push, change: PushState): Operation {
  const by = change.decidedBy ?? '服务器';
  const detail = change.opinion ? `${push.fieldName}：${change.opinion}` : push.fieldName;
  const action = { 'under-review': '推送已送达', approved: '推送审核通过', refused: '推送审核未通过' }[
    change.state
  ];
  return { at: change.at, by, action, detail };
}

function changed(record: LudengRecord, operation: Operation): LudengRecord {
  return {
    ...record,
    revision: record.revision + 1,
    updatedAt: operation.at,
    operations: [...record.operations, operation],
  };
}

function assertNever(value: never): never {
  throw new Error(`unexpected change ${JSON.stringify(value)}`);
}
