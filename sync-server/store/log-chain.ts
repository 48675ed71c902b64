/** How a line gets its place in the chain: inside the transaction of the act, so that neither is there without the other. */
import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { logDone, logLineSchema, logLineText } from '#domain/accounts/log-lines.ts';
import type { LogLine } from '#domain/accounts/log-lines.ts';
import { actingName, actorName } from '#domain/accounts/schema.ts';
import { asking } from '../ports/asking.ts';
import type { NewLogLine } from '../ports/log-rows.ts';
import type { Trx } from './open-store.ts';
import { prepareQuery, prepareRows } from './prepared-query.ts';

/** The one row of `log_head`, there from the first line on. */
export const logHeadName = 'log';

/**
 * The last thing that takes a lock in a transaction: the head's row is held until the commit, and whoever held it and then
 * waited for another row could be waited for by that row's holder.
 */
export async function appendLine(trx: Trx, line: NewLogLine): Promise<void> {
  const { actor: id } = line;
  const head = await moveHead(trx, { id });
  if (!head) throw new Error('the head of the log gave no number');
  const who = whoIs(line, head);
  const placed = placeLine(Number(head.number), line, who);
  const sha = hash('sha256', logLineText(placed, head.sha));
  await insertLine(trx, { ...placed, beforeSha: head.sha, sha });
  await setHead(trx, { sha });
}

/** The next number, and with it in the same question who acts. */
const moveHead = prepareQuery('log-move-head', (db, { id }: { id: string }) =>
  db
    .insertInto('log_head')
    .values({ name: logHeadName, number: 1, sha: '' })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ number: eb('log_head.number', '+', 1) })),
    )
    .returning((eb) => [
      'log_head.number',
      'log_head.sha',
      eb.selectFrom('account').select('account.name').where('account.id', '=', id).as('account'),
      eb
        .selectFrom('account')
        .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
        .select(sql<string>`organisation.scheme || ':' || organisation.credit_code`.as('reference'))
        .where('account.id', '=', id)
        .as('organisation'),
      eb.selectFrom('station').select('station.name').where('station.id', '=', id).as('station'),
    ]),
);
const insertLine = prepareRows('log-insert-line', (db, line: LogLine & { beforeSha: string; sha: string }) =>
  db.insertInto('log_line').values({
    ...{ number: line.number, at: line.at, kind: line.kind, account: line.account, name: line.name },
    ...{ organisation: line.organisation, action: line.action, ref: line.ref, result: line.result },
    ...{ detail: line.detail, place: line.place, device: line.device },
    ...{ before_sha: line.beforeSha, sha: line.sha },
  }),
);
const setHead = prepareRows('log-set-head', (db, { sha }: { sha: string }) =>
  db.updateTable('log_head').set({ sha }).where('name', '=', logHeadName),
);

interface Who {
  name: string;
  organisation: string;
  place: string;
  device: string;
}

function placeLine(number: number, line: NewLogLine, who: Who): LogLine {
  const cut = (text: string): string => text.slice(0, 500);
  return logLineSchema.parse({
    number,
    at: line.at,
    kind: line.kind,
    account: cut(line.actor),
    name: cut(who.name),
    organisation: cut(who.organisation),
    action: line.action,
    ref: cut(line.refId),
    result: line.result ?? logDone,
    detail: cut(line.detail ?? ''),
    place: cut(line.place ?? who.place),
    device: cut(line.device ?? who.device),
  });
}

interface Named {
  account: string | null;
  organisation: string | null;
  station: string | null;
}

/** Whoever asks is known with the person acted for; everybody else is called as the rows say. */
function whoIs({ actor: id, onBehalfOf }: NewLogLine, { account, organisation, station }: Named): Who {
  const now = asking.getStore();
  const from = { place: now?.address ?? '', device: now?.device ?? '' };
  if (now?.actor.account === id && id !== '' && onBehalfOf === undefined) {
    const { organisation: own } = now.actor;
    const reference = own === undefined ? '' : `${own.scheme}:${own.value}`;
    return { name: actorName(now.actor), organisation: reference, ...from };
  }
  const holderName = account ?? station ?? id;
  const name = actingName({ holderName, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) });
  return { name, organisation: organisation ?? '', ...from };
}
