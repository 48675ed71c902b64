/**
 * A numbered change of the server, applied to the record it speaks of. Pure and idempotent: the same change again
 * answers the very same record, so that the caller sees there is nothing to write.
 */
import { lightNames } from '../verdict/light-names.ts';
import { assertNever } from '../primitives.ts';
import { standardLogLines } from '../catalogue/log-lines.ts';
import type { LogLineKey, LogLines } from '../catalogue/log-lines.ts';
import { allows, applyEvent } from '../record/lifecycle.ts';
import { releaseRecord } from '../record/releasing.ts';
import { restoreRecord, voidRecord } from '../record/voiding.ts';
import { returnedCode } from '../record/schema.ts';
import type { LightOverrule, LudengRecord, Operation, Push } from '../record/schema.ts';
import type { RecordCase } from '../record/standing.ts';
import type { Change, RecordChange } from './change.ts';

export function applyChange(
  record: LudengRecord,
  change: RecordChange,
  lines: LogLines = standardLogLines,
): LudengRecord {
  const told = { by: serverName, lines };
  switch (change.kind) {
    case 'record-stored': {
      if (!allows(record, 'store')) return record;
      const detail = [change.uniqueCode, change.note].filter((text) => text !== undefined).join('；');
      return {
        ...applyEvent(record, 'store', { ...told, at: change.storedAt, detail }),
        uniqueCode: change.uniqueCode,
        ...(change.digitalCertificate ? { digitalCertificate: change.digitalCertificate } : {}),
        ...(change.light ? { light: change.light } : {}),
      };
    }
    case 'record-rejected': {
      if (!allows(record, 'reject')) return record;
      const { code, message, at } = change;
      return {
        ...applyEvent(record, 'reject', { ...told, at, detail: message }),
        rejection: { code, message, at },
      };
    }
    case 'record-returned':
      return applyReturn(record, change, lines);
    case 'case-state':
      return applyCase(record, change.case);
    case 'push-state':
      return applyPushState(record, change, lines);
    case 'certificate-code':
      return applyCode(record, change.verificationCode);
    case 'record-superseded':
      return supersede(record, change.at, lines);
    case 'record-void':
      return applyVoid(record, change);
    case 'record-released':
      return releaseRecord(record, change);
    case 'credential-issued':
      return applyIssue(record, change);
    case 'credential-revoked':
      return applyRevocation(record, change);
    case 'record-links':
      return applyLinks(record, change, lines);
    case 'light-overruled':
      return applyOverrule(record, change.overrule, lines);
    default:
      return assertNever(change);
  }
}

const serverName = '服务器';

/** Told again after the correction it changes nothing; where the correction is under way already, it is only noted. */
function applyReturn(
  record: LudengRecord,
  { at, by, reason }: Extract<Change, { kind: 'record-returned' }>,
  lines: LogLines,
): LudengRecord {
  const isKnown = record.operations.some((one) => one.at === at && one.by === by && one.detail === reason);
  if (isKnown) return record;
  const told = { at, by, lines, detail: reason };
  if (!allows(record, 'return')) return applyEvent(record, 'note', { ...told, action: lines.returned });
  return {
    ...applyEvent(record, 'return', told),
    rejection: { code: returnedCode, message: reason, at },
  };
}

/** The word that counts more links stands, in whatever order the feeds bring them. */
function applyLinks(
  record: LudengRecord,
  { links, at }: Extract<Change, { kind: 'record-links' }>,
  lines: LogLines,
): LudengRecord {
  if (record.links && record.links.count >= links.count) return record;
  const told = { at, by: serverName, lines, action: lines.linked };
  return { ...applyEvent(record, 'note', links.records.length > 0 ? told : { at }), links };
}

function applyVoid(
  record: LudengRecord,
  { isVoid, at, by }: Extract<Change, { kind: 'record-void' }>,
): LudengRecord {
  if ((record.voided !== undefined) === isVoid || record.state !== 'stored') return record;
  return isVoid ? voidRecord(record, { at, by }) : restoreRecord(record, { at, by });
}

/** The record that the new one replaces: it stays visible, and stands no more. */
export function supersede(
  record: LudengRecord,
  at: string,
  lines: LogLines = standardLogLines,
): LudengRecord {
  if (!allows(record, 'supersede')) return record;
  return applyEvent(record, 'supersede', { at, by: serverName, lines });
}

/** No operation: nobody did anything, and certificates of an earlier version get theirs long after they were issued. */
function applyCode(record: LudengRecord, verificationCode: string): LudengRecord {
  const { digitalCertificate, updatedAt: at } = record;
  if (!digitalCertificate || digitalCertificate.verificationCode === verificationCode) return record;
  return {
    ...applyEvent(record, 'note', { at }),
    digitalCertificate: { ...digitalCertificate, verificationCode },
  };
}

function applyIssue(
  record: LudengRecord,
  { at, digitalCertificate }: Extract<Change, { kind: 'credential-issued' }>,
): LudengRecord {
  if (record.digitalCertificate?.signature === digitalCertificate.signature) return record;
  const detail = digitalCertificate.identifier ?? digitalCertificate.uniqueCode;
  return {
    ...applyEvent(record, 'note', { at, by: serverName, action: '签发数字证照', detail }),
    digitalCertificate,
  };
}

function applyRevocation(
  record: LudengRecord,
  { at, by, reason }: Extract<Change, { kind: 'credential-revoked' }>,
): LudengRecord {
  const { digitalCertificate } = record;
  if (!digitalCertificate || digitalCertificate.revoked) return record;
  return {
    ...applyEvent(record, 'note', { at, by, action: '吊销数字证照', detail: reason }),
    digitalCertificate: { ...digitalCertificate, revoked: { at, reason } },
  };
}

/** The word with more entries stands, in whatever order the two feeds bring them. */
function applyCase(record: LudengRecord, told: RecordCase): LudengRecord {
  const cases = record.cases ?? [];
  const known = cases.find(({ id }) => id === told.id);
  if (known && known.entries >= told.entries) return record;
  const { at, text: action, complaint } = told;
  const by = told.by ?? complaint?.by ?? serverName;
  const detail = told.opinion ?? (told.entries === 0 ? complaint?.reason : undefined);
  // 退回补正 comes as a word of its own, which writes its line
  const isNews = told.state !== 'returned' && (known?.text !== told.text || detail !== undefined);
  return {
    ...applyEvent(record, 'note', isNews ? { at, by, action, detail } : { at }),
    cases: known ? cases.map((one) => (one === known ? told : one)) : [...cases, told],
  };
}

type PushState = Extract<Change, { kind: 'push-state' }>;

function applyPushState(before: LudengRecord, change: PushState, lines: LogLines): LudengRecord {
  const record = withPush(before, change, lines);
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
  return { ...applyEvent(record, 'note', operationOfPush(push, change, lines)), pushes };
}

/** One that was made at another counter comes with the first word on it. */
function withPush(record: LudengRecord, { pushId, push }: PushState, lines: LogLines): LudengRecord {
  if (!push || record.pushes.some(({ id }) => id === pushId)) return record;
  const { by, ...made } = push;
  return {
    ...record,
    pushes: [...record.pushes, { id: pushId, ...made, state: 'queued' }],
    operations: [
      ...record.operations,
      { at: made.pushedAt, by, action: lines.pushed, detail: made.fieldName },
    ],
  };
}

function applyOverrule(record: LudengRecord, overrule: LightOverrule, lines: LogLines): LudengRecord {
  const overrules = record.overrules ?? [];
  if (overrules.some(({ id }) => id === overrule.id)) return record;
  return {
    ...applyEvent(record, 'note', operationOfOverrule(overrule, lines)),
    overrules: [...overrules, overrule],
  };
}

/** For the logs of station and desk. */
export function operationOfOverrule(
  { at, by, label, from, to, reason }: LightOverrule,
  lines: LogLines = standardLogLines,
): Operation {
  return {
    at,
    by,
    action: lines.overruled,
    detail: `${label}：${lightNames[from]}改为${lightNames[to]}，理由：${reason}`,
  };
}

const pushLines = {
  'under-review': 'push-delivered',
  approved: 'push-approved',
  refused: 'push-refused',
} as const satisfies Record<PushState['state'], LogLineKey>;

function operationOfPush(push: Push, change: PushState, lines: LogLines): Operation {
  const by = change.decidedBy ?? serverName;
  const detail = change.opinion ? `${push.fieldName}：${change.opinion}` : push.fieldName;
  return { at: change.at, by, action: lines[pushLines[change.state]], detail };
}
