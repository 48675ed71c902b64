import { sql } from 'kysely';
import type { Candidate } from '#domain/record/picks.ts';
import { lockSchema } from '#domain/registers/schema.ts';
import type { CandidateQuestion, CandidateRows } from '../ports/candidate-rows.ts';
import type { Db } from './open-store.ts';

export function createCandidateRows(db: Db): CandidateRows {
  return {
    find(question) {
      if (question.among === 'locked') return lockedOf(db, question);
      return question.among === 'appointed' ? appointedOf(db, question) : personsOf(db, question);
    },
  };
}

async function lockedOf(db: Db, { unit, posts, text, limit }: CandidateQuestion): Promise<Candidate[]> {
  const rows = await db
    .selectFrom('person_lock')
    .innerJoin('registered_person', 'registered_person.id', 'person_lock.person')
    .select(['person_lock.person', 'person_lock.post', 'person_lock.body', 'registered_person.name'])
    .where('registered_person.unit', '=', unit)
    .$if(posts !== undefined, (query) => query.where('person_lock.post', 'in', ['', ...(posts ?? [])]))
    .where(nameHas(text))
    .orderBy('registered_person.name')
    .orderBy('person_lock.person')
    .orderBy('person_lock.post')
    .limit(limit)
    .execute();
  const found = rows.map(({ body, ...row }) => ({ ...row, work: lockSchema.parse(JSON.parse(body)).work }));
  const names = await db
    .selectFrom('registered_work')
    .select(['id', 'name'])
    .where('id', 'in', ['', ...found.map(({ work }) => work)])
    .execute();
  return found.map((row) => ({ ...row, workName: names.find(({ id }) => id === row.work)?.name ?? '' }));
}

async function appointedOf(db: Db, { unit, posts, text, limit }: CandidateQuestion): Promise<Candidate[]> {
  return db
    .selectFrom('appointment')
    .innerJoin('registered_person', 'registered_person.id', 'appointment.person')
    .innerJoin('registered_work', 'registered_work.id', 'appointment.work')
    .select(['appointment.person', 'appointment.post', 'appointment.work', 'registered_person.name'])
    .select('registered_work.name as workName')
    .where('registered_person.unit', '=', unit)
    .where('registered_work.state', '=', 'under-construction')
    .where('appointment.ended_at', 'is', null)
    .$if(posts !== undefined, (query) => query.where('appointment.post', 'in', ['', ...(posts ?? [])]))
    .where(nameHas(text))
    .orderBy('registered_person.name')
    .orderBy('appointment.person')
    .orderBy('appointment.work')
    .orderBy('appointment.post')
    .limit(limit)
    .execute();
}

async function personsOf(db: Db, { unit, text, limit }: CandidateQuestion): Promise<Candidate[]> {
  return db
    .selectFrom('registered_person')
    .select(['id as person', 'name'])
    .where('unit', '=', unit)
    .where(nameHas(text))
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
    .execute();
}

const nameHas = (text: string) =>
  sql<boolean>`registered_person.name like ${`%${text.trim().replace(/[!%_]/gu, (sign) => `!${sign}`)}%`} escape '!'`;
