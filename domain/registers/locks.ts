/**
 * Who is locked: a pure projection of appointments, works and releases. The server keeps its answer as rows, written in the
 * transaction that changes any of the three, so that they can be asked for and shown.
 */
import { canonicalNumber } from './works.ts';
import type { Appointment, Lock, LockRelease, RegisteredWork } from './schema.ts';

/** Who holds `limit` works under construction in `post` is locked. */
export interface LockRule {
  post: string;
  limit: number;
}

type CountedWork = Pick<RegisteredWork, 'id' | 'contractNumber'>;

/** What several works of one contract have in common; a work without a contract number counts by itself. */
export const countedAs = ({ id, contractNumber }: CountedWork): string =>
  contractNumber === undefined ? id : canonicalNumber(contractNumber);

/** Whether one more appointment at the work is barred: by any lock but one of the work's own contract. */
export const isBarred = (work: CountedWork, standing: readonly Pick<Lock, 'counted'>[]): boolean =>
  standing.some(({ counted }) => !counted.includes(countedAs(work)));

export interface Held {
  counted: string;
  work: string;
  from: string;
}

/** What a person holds in a post at present, each contract once with its earliest appointment, oldest first. */
export function heldIn(post: string, { person, appointments, works }: HoldingsOf): Held[] {
  const byCounted = new Map<string, Held>();
  for (const one of appointments) {
    if (one.person !== person || one.post !== post || one.until !== undefined) continue;
    const work = works.find(({ id }) => id === one.work);
    if (work?.state !== 'under-construction') continue;
    const counted = countedAs(work);
    const known = byCounted.get(counted);
    const isEarlier = !known || one.from < known.from || (one.from === known.from && one.work < known.work);
    if (isEarlier) byCounted.set(counted, { counted, work: one.work, from: one.from });
  }
  return [...byCounted.values()].sort((a, b) => compare(a.from, b.from) || compare(a.counted, b.counted));
}
export interface HoldingsOf {
  person: string;
  appointments: readonly Appointment[];
  works: readonly (CountedWork & Pick<RegisteredWork, 'state'>)[];
}

/** Of one person. What was released counts no longer, so that a released person is locked again by the next work only. */
export function locks({
  rules,
  releases,
  ...holdings
}: HoldingsOf & { rules: readonly LockRule[]; releases: readonly LockRelease[] }): Lock[] {
  return rules.flatMap(({ post, limit }): Lock[] => {
    const released = new Set(
      releases
        .filter((release) => release.person === holdings.person && release.post === post)
        .flatMap(({ counted }) => counted),
    );
    const held = heldIn(post, holdings).filter(({ counted }) => !released.has(counted));
    const reaching = held[limit - 1];
    if (!reaching) return [];
    return [
      {
        person: holdings.person,
        post,
        since: reaching.from,
        work: reaching.work,
        counted: held.map(({ counted }) => counted),
      },
    ];
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
