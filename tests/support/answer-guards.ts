/** A process that answers guards as the agent or the server does: `answer-guards.ts agent|server FIRST COUNT`, JSON on its output. */
import { judgeGuards } from '#domain/cases/guards.ts';
import { momentOf } from '#domain/cases/guard-facts.ts';
import type { GuardVerdict } from '#domain/cases/guards.ts';
import { nobody } from '#domain/accounts/schema.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { createCaseOpening } from '../../sync-server/services/cases/case-opening.ts';
import { answersOf } from './random-guards.ts';
import type { Question } from './random-guards.ts';

const [who, first, count] = process.argv.slice(2);

const asAgent = ({ guards, facts }: Question): GuardVerdict =>
  judgeGuards(guards, { ...facts, ...momentOf(facts.now) });

/** Through the service that opens cases, with guards by their ids in a catalogue and registers from its port. */
function asServer({ guards, facts }: Question): Promise<GuardVerdict> {
  const catalogue: Catalogue = { hash: '', programmes: [], documentTypes: [], workflows: [], guards };
  const opening = createCaseOpening({ registers: { about: () => Promise.resolve(facts.registers) } });
  return opening.judge(
    guards.map(({ id }) => id),
    // of a record and an actor, guards read what the question holds
    {
      ...{ catalogue, at: facts.now, actor: { ...nobody, ...facts.actor } },
      record: facts.record as LudengRecord,
    },
  );
}
const answers = await answersOf(
  { first: Number(first), count: Number(count) },
  who === 'server' ? asServer : asAgent,
);
process.stdout.write(JSON.stringify(answers));
