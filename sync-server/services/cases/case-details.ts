import { may } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { partyOf } from '#domain/cases/assignees.ts';
import { hasApproved, partiesAt, waitingStep } from '#domain/cases/engine.ts';
import type { WorkingCalendar } from '#domain/cases/working-days.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import { findRecordKind } from '#domain/catalogue/lookup.ts';
import { changesBetween } from '#domain/record/changes-between.ts';
import { complaintsAmong } from '#domain/record/complaints.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { CaseRows, RecordRows, ReturnedVersion, StoredRecord } from '../../ports/case-rows.ts';
import type { OverruleRows } from '../../ports/overrule-rows.ts';
import type { NoticeRows, RegisterRows } from '../../ports/register-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { VerificationCodes } from '../credentials/verification-codes.ts';
import { complaintView, decisionView, describeAbout, stepView } from './case-views.ts';
import { factsOf } from './found-case.ts';
import type { FoundCase } from './found-case.ts';
import { pushOf } from './push-of.ts';
import { maskDetail } from './masked-detail.ts';

export interface CaseDetailsOptions {
  cases: Pick<CaseRows, 'ofRecord'>;
  records: Pick<RecordRows, 'returnedVersions'>;
  overrules: Pick<OverruleRows, 'ofCase'>;
  /** The present one, for names. */
  catalogue: Catalogue;
  registers: Pick<RegisterRows, 'about'>;
  notices: Pick<NoticeRows, 'ofCase'>;
  verificationCodes: Pick<VerificationCodes, 'of'>;
  /** For terms in working days. */
  calendar: WorkingCalendar;
  clock: Pick<Clock, 'now'>;
  mayComplain: (actor: Actor, found: FoundCase) => boolean;
}

/** A case as whoever looks at it may see it, with what it is about and what was decided. */
export function createCaseDetails(options: CaseDetailsOptions) {
  const { cases, records, overrules, catalogue, registers, notices, verificationCodes, clock } = options;
  const { mayComplain, calendar } = options;

  const fieldNames = (programme: string): ReadonlyMap<string, string> =>
    new Map(
      catalogue.programmes.find(({ id }) => id === programme)?.pushFields.map(({ id, name }) => [id, name]),
    );

  function withCode(record: LudengRecord): LudengRecord {
    const { digitalCertificate: issued } = record;
    if (!issued) return record;
    const verificationCode = verificationCodes.of(issued.uniqueCode);
    return { ...record, digitalCertificate: { ...issued, verificationCode } };
  }

  async function ofRecord(actor: Actor, owner: StoredRecord): Promise<Pick<CaseDetail, RecordPart>> {
    const { record, receivedAt, materials } = owner;
    const names = fieldNames(record.programme);
    const seen = (await cases.ofRecord(record.id))
      .map((one) => one.case)
      .filter((one) => may(actor, 'case.read', factsOf(one, owner)).allowed);
    return {
      record: { ...withCode(record), operations: [], pushes: [] },
      receivedAt,
      stationLog: record.operations,
      pushes: seen.flatMap((one) => pushOf(one, names) ?? []),
      complaints: complaintsAmong(seen).map((one) => complaintView(one, catalogue)),
      seals: materials.map(({ slot, report }) => ({
        slot,
        valid: report.valid,
        signerName: report.signerName,
        certificateSerial: report.certificateSerial,
        issuerName: report.issuerName,
        problems: report.problems,
      })),
    };
  }

  const detailOf = async (actor: Actor, found: FoundCase): Promise<CaseDetail> => {
    const { case: current, workflow, owner } = found;
    const step = waitingStep(current, workflow);
    const party = partyOf(actor, partiesAt(current));
    const [before] = owner ? await records.returnedVersions(owner.id) : [];
    const mayDecide = current.state === 'open' && party && !hasApproved(current, party.key);
    const detail: CaseDetail = {
      case: current,
      title: workflow.title,
      ...(step ? { step: stepView(current, step, { actor, calendar, now: clock.now() }) } : {}),
      ...(party && current.state === 'open' ? { party: party.key } : {}),
      about: await describeAbout(current.about, {
        registers,
        programme: programmeOf(found),
        at: clock.now(),
      }),
      stationId: owner?.stationId ?? found.stationId,
      ...(owner && before ? { correction: correctionOf(before, owner, found) } : {}),
      ...(owner ? await ofRecord(actor, owner) : { stationLog: [], pushes: [], complaints: [], seals: [] }),
      notices: await notices.ofCase(current.id),
      overrules: await overrules.ofCase(current.id),
      ...(mayComplain(actor, found) ? { mayComplain: true as const } : {}),
      decisions: mayDecide && step ? step.decisions.map(decisionView) : [],
    };
    // whoever the numbers are of knows them
    return actor.kind === 'staff' ? maskDetail(detail, found.pinned, before?.record) : detail;
  };
  const programmeOf = ({ pinned, programme }: FoundCase) =>
    pinned.programmes.find(({ id }) => id === programme);

  return { detailOf };
}

/** In the words of the configuration that the case stays with. */
function correctionOf(
  { record: before, reason, correctedAt: at }: ReturnedVersion,
  { record }: StoredRecord,
  { pinned }: FoundCase,
): NonNullable<CaseDetail['correction']> {
  const kind = findRecordKind(pinned, record.programme, record.kind);
  const { documentTypes } = pinned;
  return { reason, at, changes: kind ? changesBetween(before, record, { kind, documentTypes }) : [] };
}

type RecordPart = 'record' | 'receivedAt' | 'stationLog' | 'pushes' | 'complaints' | 'seals';
