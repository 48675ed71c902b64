import { canonicalJson } from '#domain/canonical-json.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Works } from '#domain/catalogue/works.ts';
import type { WorkPush } from '#domain/contracts/outside/work-pushes.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { maskIdNumber } from '#domain/text/masking.ts';
import type { StaffProblem, WorkPushRows } from '../../ports/work-push-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import { sha256 } from '../hashing.ts';
import { pushTexts } from '../texts.ts';

export interface ReceiveWorkOptions {
  rows: WorkPushRows;
  catalogue: Pick<Catalogue, 'programmes'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
}

/** A work from the project approval system: taken whole or not at all, once however often it is sent. */
export function createReceiveWork({ rows, catalogue, clock, log }: ReceiveWorkOptions) {
  /** Throws NOT_FOUND where the programme knows of no works, WORK_PUSH_REFUSED, WORK_PUSH_DIFFERS, WORK_PERMIT_TAKEN. */
  return async function receiveWork(
    programme: string,
    push: WorkPush,
  ): Promise<{ result: 'accepted' | 'repeated' | 'superseded'; version: number }> {
    const noun = catalogue.programmes.find(({ id }) => id === programme)?.works;
    if (!noun) throw new AppError('NOT_FOUND', { programme });
    refuse(problemsOf(push, noun));
    const { work, version, staff } = push;
    const done = await rows.receive({
      ...{ programme, version, staff, by: pushTexts.sender, at: clock.now() },
      work: { ...work, state: 'under-construction' },
      digest: sha256(Buffer.from(canonicalJson(push))),
    });
    if (done.result === 'refused') refuse(done.staff.map(problemOfStaff));
    else if (done.result === 'differs') throw new AppError('WORK_PUSH_DIFFERS', { work: work.id, version });
    else {
      log.info({ work: work.id, version, result: done.result }, 'work received');
      return done;
    }
    throw new AppError('WORK_PUSH_REFUSED');
  };
}
export type ReceiveWork = ReturnType<typeof createReceiveWork>;

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new AppError('WORK_PUSH_REFUSED', { problems });
}

/** What the programme does not know, and who is named twice. */
function problemsOf({ work, staff }: WorkPush, { unitRoles, posts, fields }: Works): string[] {
  const has = (list: readonly { id: string }[], id: string): boolean => list.some((one) => one.id === id);
  return [
    ...work.units.flatMap(({ role }) => (has(unitRoles, role) ? [] : [pushTexts.unknownRole(role)])),
    ...Object.keys(work.details).flatMap((id) => (has(fields, id) ? [] : [pushTexts.unknownField(id)])),
    ...staff.flatMap(({ post }) => (has(posts, post) ? [] : [pushTexts.unknownPost(post)])),
    ...staff.flatMap(({ person }, index) =>
      staff.findIndex((one) => one.person === person) === index
        ? []
        : [pushTexts.namedTwice(maskIdNumber(person))],
    ),
  ];
}

const problemOfStaff = ({ person, because }: StaffProblem): string =>
  ({
    unknown: pushTexts.personUnknown,
    'other-name': pushTexts.personOtherwiseNamed,
    locked: pushTexts.personLocked,
  })[because](maskIdNumber(person));
