import type { Actor } from '#domain/accounts/schema.ts';
import type { PortalWork } from '#domain/contracts/portal/works.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { RegisteredWork, WorkChange } from '#domain/registers/schema.ts';
import { maskIdNumber } from '#domain/text/masking.ts';
import type { WorkRows } from '../../ports/work-rows.ts';
import type { OwnRecords, VisitorWithSubject } from './own-records.ts';

/** In one list, and lines of one history. */
const maxListed = 1_000;

/** 报监工程 of the visitor's own unit. */
export function createPortalWorks({ own, rows }: { own: OwnRecords; rows: WorkRows }) {
  /** Throws NOT_FOUND where the programme knows of no works. */
  async function enter(actor: Actor, programme: string): Promise<VisitorWithSubject> {
    const visitor = await own.enter(actor, programme);
    own.demandOwn(actor, 'portal-record.read', { programme, subject: visitor.subject });
    if (!visitor.programme.works) throw new AppError('NOT_FOUND', { programme });
    return visitor;
  }

  /** Throws WORK_UNKNOWN, also for another's. */
  async function ownWork(
    { subject }: Pick<VisitorWithSubject, 'subject'>,
    id: string,
  ): Promise<RegisteredWork> {
    const work = await rows.find(id);
    if (work?.unit !== subject.creditCode) throw new AppError('WORK_UNKNOWN', { work: id });
    return work;
  }

  return {
    ownWork,

    async list(actor: Actor, programme: string, text = ''): Promise<RegisteredWork[]> {
      const { subject } = await enter(actor, programme);
      return rows.ofUnit({ unit: subject.creditCode, as: 'owner', text, limit: maxListed });
    },

    async read(actor: Actor, programme: string, id: string): Promise<PortalWork> {
      const work = await ownWork(await enter(actor, programme), id);
      const staff = await rows.staffOf(id);
      return {
        work,
        staff: staff.map(({ person, ...row }) => ({ ...row, idNumber: maskIdNumber(person) })),
        changes: (await rows.changesOf(id, maxListed)).map(withoutIdNumbers),
      };
    },
  };
}
export type PortalWorks = ReturnType<typeof createPortalWorks>;

/** Persons stand in a history by their id numbers. */
const withoutIdNumbers = (change: WorkChange): WorkChange => ({
  ...change,
  changes: change.changes.map(({ what, before, after }) =>
    what.startsWith('post:')
      ? { what, before: masked(before), after: masked(after) }
      : { what, before, after },
  ),
});
const masked = (idNumber: string): string => (idNumber === '' ? '' : maskIdNumber(idNumber));
