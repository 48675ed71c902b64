import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { assuranceSchema } from '#domain/accounts/assurance.ts';
import { ticketPurposeSchema, ticketStateSchema } from '#domain/contracts/public/login-tickets.ts';
import type { LoginTicket, LoginTicketRows } from '../ports/login-ticket-rows.ts';
import { consume, reserve } from './atomic-rows.ts';
import type { Db } from './open-store.ts';
import type { Tables } from './tables.ts';

/** One that has run out is still told so for a while. */
const keepMs = 10 * 60_000;
const scanOf = (id: string): string => `login-ticket-scan ${id}`;
const useOf = (id: string): string => `login-ticket-use ${id}`;
const stateSchema = ticketStateSchema.exclude(['expired']);

export function createLoginTicketRows(db: Db): LoginTicketRows {
  async function findBy(column: 'ticket_sha' | 'browser_sha', sha: string): Promise<LoginTicket | undefined> {
    const row = await db.selectFrom('login_ticket').selectAll().where(column, '=', sha).executeTakeFirst();
    return row && toTicket(row);
  }
  /** Of whoever scanned it, as long as it waits for an answer. */
  const answered = async (
    id: string,
    by: string,
    set: Partial<Pick<Tables['login_ticket'], 'state' | 'chosen_account' | 'chosen_system' | 'assurance'>>,
  ): Promise<boolean> =>
    (await db
      .updateTable('login_ticket')
      .set(set)
      .where('id', '=', id)
      .where('state', '=', 'scanned')
      .where('scanned_by', '=', by)
      .returning('id')
      .executeTakeFirst()) !== undefined;

  return {
    make: (ticket, { nowMs, maxOfAddress, endsSha }) =>
      db.transaction().execute(async (trx) => {
        await trx
          .deleteFrom('login_ticket')
          .where('expires_at_ms', '<=', nowMs - keepMs)
          .execute();
        if (endsSha !== undefined)
          await trx.deleteFrom('login_ticket').where('browser_sha', '=', endsSha).execute();
        const { count } = await trx
          .selectFrom('login_ticket')
          .select((eb) => eb.fn.countAll().as('count'))
          .where('address', '=', ticket.address)
          .where('expires_at_ms', '>', nowMs)
          .executeTakeFirstOrThrow();
        if (Number(count) >= maxOfAddress) return false;
        // longer than the ticket itself: a scan gives it more time
        const untilMs = ticket.expiresAtMs + keepMs;
        await reserve(trx, scanOf(ticket.id), { nowMs, untilMs });
        await reserve(trx, useOf(ticket.id), { nowMs, untilMs });
        const { id, programme, purpose, address, device } = ticket;
        await trx
          .insertInto('login_ticket')
          .values({
            ...{ id, programme, purpose, address, device },
            ...{ ticket_sha: ticket.ticketSha, browser_sha: ticket.browserSha },
            ...{ state: 'waiting', made_at: ticket.madeAt, expires_at_ms: ticket.expiresAtMs },
            ...{ scanned_by: null, chosen_account: null, chosen_system: null, assurance: null },
          })
          .execute();
        return true;
      }),
    findByTicket: (sha) => findBy('ticket_sha', sha),
    findByBrowser: (sha) => findBy('browser_sha', sha),
    scan: (id, { account, nowMs, expiresAtMs }) =>
      db.transaction().execute(async (trx) => {
        if (!(await consume(trx, scanOf(id), { holder: account, nowMs }))) return false;
        await trx
          .updateTable('login_ticket')
          .set({ state: 'scanned', scanned_by: account, expires_at_ms: expiresAtMs })
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .execute();
        return true;
      }),
    choose: (id, { by, account = null, system = null, assurance }) =>
      answered(id, by, {
        ...{ state: 'chosen', chosen_account: account, chosen_system: system },
        assurance: JSON.stringify(assurance),
      }),
    refuse: (id, by) => answered(id, by, { state: 'refused' }),
    take: (id, { nowMs }) =>
      db.transaction().execute(async (trx) => {
        const found = await trx
          .selectFrom('login_ticket')
          .select('id')
          .where('id', '=', id)
          .where('state', '=', 'chosen')
          .where('expires_at_ms', '>', nowMs)
          .executeTakeFirst();
        if (!found) return false;
        // a holder of its own for every try: of however many that ask at once, one is the first
        if (!(await consume(trx, useOf(id), { holder: randomUUID(), nowMs }))) return false;
        await trx.updateTable('login_ticket').set({ state: 'used' }).where('id', '=', id).execute();
        return true;
      }),
  };
}

function toTicket(row: Selectable<Tables['login_ticket']>): LoginTicket {
  const { chosen_account: account, chosen_system: system, assurance } = row;
  return {
    ...{ id: row.id, programme: row.programme, address: row.address, device: row.device },
    purpose: ticketPurposeSchema.parse(row.purpose),
    state: stateSchema.parse(row.state),
    madeAt: row.made_at,
    expiresAtMs: Number(row.expires_at_ms),
    ...(row.scanned_by === null ? {} : { scannedBy: row.scanned_by }),
    ...(assurance === null
      ? {}
      : {
          chosen: {
            ...(account === null ? {} : { account }),
            ...(system === null ? {} : { system }),
            assurance: assuranceSchema.parse(JSON.parse(assurance)),
          },
        }),
  };
}
