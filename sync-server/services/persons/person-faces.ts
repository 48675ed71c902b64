import type { Proof } from '#domain/accounts/assurance.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { FaceWanted } from '#domain/contracts/mobile/todos.ts';
import type { PersonRows } from '../../ports/person-rows.ts';
import type { FoundSession } from '../../ports/session-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { PersonCases } from '../cases/person-cases.ts';
import type { FaceChecks } from './face-checks.ts';
import type { OwnEntry } from './own-entry.ts';
import type { RealName } from './real-name.ts';

export interface PersonFacesOptions {
  checks: FaceChecks;
  realName: Pick<RealName, 'beginFace' | 'finish'>;
  own: Pick<OwnEntry, 'beginErasureFace' | 'eraseWithFace'>;
  personCases: Pick<PersonCases, 'beginFace' | 'decideWithFace'>;
  sessions: Pick<Sessions, 'prove' | 'renew'>;
  persons: Pick<PersonRows, 'find'>;
  clock: Pick<Clock, 'now'>;
}

export interface FinishedFace {
  outcome: { state: 'pending' | 'real-name' | 'erased' | 'decision'; todo?: string };
  /** The session's next one: it has proved more than before. */
  token?: string | undefined;
  /** Accounts whose sessions are over with it. */
  ended: readonly string[];
}

/** What a face is asked for, and what is done once it has passed. */
export function createPersonFaces(options: PersonFacesOptions) {
  const { checks, realName, own, personCases, sessions, persons, clock } = options;

  return {
    /** Throws what the thing it is for throws. */
    begin(
      actor: Actor,
      wanted: FaceWanted,
      returnUrlOf: (id: string) => string,
    ): Promise<{ id: string; url: string }> {
      if (wanted.purpose === 'real-name') return realName.beginFace(actor, wanted, returnUrlOf);
      if (wanted.purpose === 'erasure') return own.beginErasureFace(actor, wanted, returnUrlOf);
      return personCases.beginFace(actor, wanted, returnUrlOf);
    },

    /** Throws what asking for the result throws, and what the thing it was for throws. */
    async finish(session: FoundSession, id: string): Promise<FinishedFace> {
      const { actor } = session;
      const passed = await checks.finish(actor.account, id);
      if (!passed) return { outcome: { state: 'pending' }, ended: [] };
      const { wanted, idNumber } = passed;
      if (wanted.purpose === 'real-name') {
        const ended = await realName.finish(actor, { idNumber, session: session.id });
        return { outcome: { state: 'real-name' }, token: await sessions.renew(session.id), ended };
      }
      if (wanted.purpose === 'erasure') {
        await own.eraseWithFace(actor);
        return { outcome: { state: 'erased' }, ended: [actor.account] };
      }
      const name = (await persons.find(actor.account))?.name ?? actor.name;
      const identity = { kind: 'person', scheme: 'id-number', value: idNumber, name } as const;
      const proof: Proof = { way: 'face', level: 'face', identity, at: clock.now() };
      await personCases.decideWithFace(actor, wanted, proof);
      const token = await sessions.prove(session, proof);
      return { outcome: { state: 'decision', todo: wanted.todo }, token, ended: [] };
    },
  };
}
export type PersonFaces = ReturnType<typeof createPersonFaces>;
