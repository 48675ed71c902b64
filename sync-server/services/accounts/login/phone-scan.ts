import { randomBytes } from 'node:crypto';
import type { Assurance, Proof } from '#domain/accounts/assurance.ts';
import { levelOf } from '#domain/accounts/assurance.ts';
import { deviceName } from '#domain/accounts/device-name.ts';
import type { Identity } from '#domain/accounts/identity.ts';
import { demandAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type {
  ScannedTicket,
  TicketAccount,
  TicketEvent,
  TicketPurpose,
} from '#domain/contracts/public/login-tickets.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { LoginTicket, LoginTicketRows } from '../../../ports/login-ticket-rows.ts';
import type { OwnAccount, OwnAccountRows, RealPerson } from '../../../ports/own-account-rows.ts';
import type { Clock, Log, MakeId } from '../../../ports/surroundings.ts';
import { sha256 } from '../../hashing.ts';
import type { Announcements } from '../../announcements.ts';
import type { AttemptLimit } from '../attempt-limit.ts';
import { limitKeyOf } from '../limit-key.ts';
import type { OwnSystems } from '../own-systems.ts';
import type { Sessions } from '../sessions.ts';
import type { SignInLog } from '../sign-in-log.ts';
import type { UserCentres } from '../user-centres.ts';

/** A code on a screen is good for so long; whoever has scanned it has as long again to choose. */
const ticketMs = 2 * 60_000;
/** Of one address, which a whole office may share. */
const maxOfAddress = 200;
/** Codes that are none of ours, by one account and from one address, before the next one waits. */
const freeWrong = { account: 20, address: 200 } as const;

export interface PhoneScanOptions {
  rows: LoginTicketRows;
  ownAccounts: OwnAccountRows;
  systems: Pick<OwnSystems, 'of' | 'destinationOf'>;
  centres: Pick<UserCentres, 'find' | 'titleOf'>;
  sessions: Pick<Sessions, 'open'>;
  attempts: Pick<AttemptLimit, 'take'>;
  announcements: Pick<Announcements, 'announce' | 'listen'>;
  signInLog: Pick<SignInLog, 'refused'>;
  makeId: MakeId;
  clock: Clock;
  log: Pick<Log, 'info' | 'warn'>;
}

/** Where a browser is. */
export interface BrowserPlace {
  address: string;
  /** What it calls itself. */
  device: string;
}

/** Whose phone let a browser go on, and how surely that is known. */
export interface TicketHolder {
  /** The person's own account. */
  account: string;
  person: RealPerson;
  assurance: Assurance;
}

/** 扫码登录: a browser shows a code, a person chooses on the phone, that one browser goes in. */
export function createPhoneScan(options: PhoneScanOptions) {
  const { rows, ownAccounts, systems, centres, sessions, attempts, announcements, clock, log } = options;
  const isOver = ({ expiresAtMs }: LoginTicket): boolean => expiresAtMs <= clock.nowMs();
  const tell = ({ id }: LoginTicket): void => announcements.announce({ type: 'login-ticket', ticketId: id });

  /** Of the person alone, whatever else the account may do. */
  async function realPersonOf(account: string): Promise<RealPerson> {
    const person = await ownAccounts.personOf(account);
    if (!person) throw new AppError('REAL_NAME_MISSING');
    return person;
  }

  /** What a phone scanned. A guess is counted; a code that was good once is none. */
  async function scannedBy(actor: Actor, ticket: string, address: string): Promise<LoginTicket> {
    demandAtAll(actor, 'login-ticket.scan');
    const attempt = await attempts.take([
      { name: `login-ticket by ${actor.account}`, free: freeWrong.account },
      { name: `login-ticket from ${limitKeyOf(address)}`, free: freeWrong.address },
    ]);
    const found = await rows.findByTicket(sha256(ticket));
    if (!found) {
      log.warn({ account: actor.account, address }, 'unknown login ticket');
      throw new AppError('LOGIN_TICKET_UNKNOWN');
    }
    await attempt.giveBack();
    if (found.scannedBy !== undefined && found.scannedBy !== actor.account)
      throw new AppError('LOGIN_TICKET_TAKEN');
    if (found.state !== 'waiting' && found.state !== 'scanned') throw new AppError('LOGIN_TICKET_USED');
    if (isOver(found)) throw new AppError('LOGIN_TICKET_EXPIRED');
    return found;
  }

  /** Throws NOT_FOUND for one that is not the person's, and why it cannot be used. */
  async function usableAccount(person: RealPerson, id: string | undefined): Promise<OwnAccount> {
    const account = (await ownAccounts.ofPerson(person.idNumber)).find((one) => one.id === id);
    if (!account) throw new AppError('NOT_FOUND', { account: id });
    refuseHindered(account);
    return account;
  }

  function viewOf(account: OwnAccount): TicketAccount {
    const { id, kind, hindrance } = account;
    return {
      ...{ id, kind, unit: account.unit.name, title: centres.titleOf(account) },
      ...(hindrance === undefined ? {} : { hindrance }),
      systems: systems.of(account),
    };
  }

  /** The ticket of a browser that was let go on, used up; for one that asks twice, or too late, it is none. */
  async function take(
    browser: string | undefined,
    purpose: TicketPurpose,
  ): Promise<LoginTicket & Required<Pick<LoginTicket, 'scannedBy' | 'chosen'>>> {
    const ticket = browser === undefined ? undefined : await rows.findByBrowser(sha256(browser));
    if (ticket?.purpose !== purpose) throw new AppError('LOGIN_TICKET_UNKNOWN');
    const { state, scannedBy: by, chosen } = ticket;
    if (state === 'used') throw new AppError('LOGIN_TICKET_USED');
    if (isOver(ticket) || state === 'refused') throw new AppError('LOGIN_TICKET_EXPIRED');
    if (state !== 'chosen' || by === undefined || chosen === undefined)
      throw new AppError('LOGIN_TICKET_NOT_READY');
    if (!(await rows.take(ticket.id, { nowMs: clock.nowMs() }))) throw new AppError('LOGIN_TICKET_USED');
    tell(ticket);
    return { ...ticket, scannedBy: by, chosen };
  }

  return {
    /**
     * `ticket` for the code on the screen, `browser` for the cookie. Throws NOT_FOUND for a programme without a user centre,
     * TOO_MANY_ATTEMPTS.
     */
    async make(
      { programme, purpose }: { programme: string; purpose: TicketPurpose },
      place: BrowserPlace,
      earlier: string | undefined,
    ): Promise<{ ticket: string; browser: string; expiresAt: string }> {
      centres.find(programme);
      const [ticket, browser] = [makeSecret(), makeSecret()];
      const nowMs = clock.nowMs();
      const isMade = await rows.make(
        {
          ...{ id: options.makeId(), programme, purpose, madeAt: clock.now(), expiresAtMs: nowMs + ticketMs },
          ...{ ticketSha: sha256(ticket), browserSha: sha256(browser) },
          ...{ address: place.address.slice(0, 100), device: deviceName(place.device) },
        },
        { nowMs, maxOfAddress, endsSha: earlier === undefined ? undefined : sha256(earlier) },
      );
      if (!isMade) throw new AppError('TOO_MANY_ATTEMPTS', { retryAfterMs: ticketMs });
      return { ticket, browser, expiresAt: new Date(nowMs + ticketMs).toISOString() };
    },

    /** How it stands with the ticket of a browser. Throws LOGIN_TICKET_UNKNOWN. */
    async stateOf(browser: string | undefined): Promise<TicketEvent & { id: string }> {
      const ticket = browser === undefined ? undefined : await rows.findByBrowser(sha256(browser));
      if (!ticket) throw new AppError('LOGIN_TICKET_UNKNOWN');
      const isOpen = ['waiting', 'scanned', 'chosen'].includes(ticket.state);
      return {
        id: ticket.id,
        state: isOpen && isOver(ticket) ? 'expired' : ticket.state,
        expiresAt: new Date(ticket.expiresAtMs).toISOString(),
      };
    },
    listen: announcements.listen,

    /** A phone has it. Throws LOGIN_TICKET_UNKNOWN, _TAKEN, _USED, _EXPIRED; TOO_MANY_ATTEMPTS; REAL_NAME_MISSING. */
    async scan(actor: Actor, ticket: string, address: string): Promise<ScannedTicket> {
      const found = await scannedBy(actor, ticket, address);
      const person = await realPersonOf(actor.account);
      const nowMs = clock.nowMs();
      const expiresAtMs = found.state === 'scanned' ? found.expiresAtMs : nowMs + ticketMs;
      if (!(await rows.scan(found.id, { account: actor.account, nowMs, expiresAtMs })))
        throw new AppError('LOGIN_TICKET_TAKEN');
      tell(found);
      const own = found.purpose === 'sign-in' ? await ownAccounts.ofPerson(person.idNumber) : [];
      const isFree = ({ hindrance }: TicketAccount): boolean => hindrance === undefined;
      const views = own.map(viewOf);
      return {
        ...{ purpose: found.purpose, programme: found.programme },
        ...{ device: found.device, address: found.address, shownAt: found.madeAt },
        expiresAt: new Date(expiresAtMs).toISOString(),
        accounts: [...views.filter(isFree), ...views.filter((one) => !isFree(one))],
      };
    },

    /**
     * Yes. Throws what `scan` throws, NOT_FOUND for an account that is not the person's, ACCOUNT_PENDING, ACCOUNT_FROZEN,
     * ACCOUNT_DISABLED, SYSTEM_NOT_GRANTED.
     */
    async choose(
      actor: Actor,
      {
        ticket,
        account,
        system,
      }: { ticket: string; account?: string | undefined; system?: string | undefined },
      address: string,
    ): Promise<void> {
      const found = await scannedBy(actor, ticket, address);
      const person = await realPersonOf(actor.account);
      const proof = proofOf(actor, person, clock.now());
      const choice = { by: actor.account, assurance: [proof] };
      if (found.purpose === 'sign-in')
        try {
          const own = await usableAccount(person, account);
          const { programme } = systems.destinationOf(own, system);
          await answer(found, { ...choice, account: own.id, system: programme });
        } catch (error) {
          noteRefusal(error, account, found);
          throw error;
        }
      else await answer(found, choice);
    },

    /** No. */
    async refuse(actor: Actor, ticket: string, address: string): Promise<void> {
      const found = await scannedBy(actor, ticket, address);
      if (!(await rows.refuse(found.id, actor.account))) throw new AppError('LOGIN_TICKET_USED');
      tell(found);
    },

    /** The browser goes in, where the account may still: the session's token and where to go. Throws what `take` throws. */
    async signIn(
      browser: string | undefined,
      { place, earlierToken }: { place: BrowserPlace; earlierToken: string | undefined },
    ): Promise<{ token: string; account: string; destination: string }> {
      const ticket = await take(browser, 'sign-in');
      const { chosen, scannedBy: by } = ticket;
      const account = await usableAccount(await realPersonOf(by), chosen.account);
      const { path } = systems.destinationOf(account, chosen.system);
      const token = await sessions.open({
        ...{ account: account.id, way: 'phone-scan', assurance: chosen.assurance, place, earlierToken },
      });
      log.info({ account: account.id, by }, 'signed in by a phone');
      return { token, account: account.id, destination: path };
    },

    /** For a registration: who lets this browser go on with it, once. Throws what `take` throws, REAL_NAME_MISSING. */
    async takeRegistration(browser: string | undefined): Promise<TicketHolder> {
      const { scannedBy: account, chosen } = await take(browser, 'registration');
      return { account, person: await realPersonOf(account), assurance: chosen.assurance };
    },
  };

  async function answer(
    ticket: LoginTicket,
    choice: Parameters<LoginTicketRows['choose']>[1],
  ): Promise<void> {
    if (!(await rows.choose(ticket.id, choice))) throw new AppError('LOGIN_TICKET_USED');
    tell(ticket);
  }

  function noteRefusal(error: unknown, account: string | undefined, { address, device }: LoginTicket): void {
    if (!(error instanceof AppError) || account === undefined || error.code === 'NOT_FOUND') return;
    options.signInLog.refused({ account, way: 'phone-scan', code: error.code, address, device });
  }
}
export type PhoneScan = ReturnType<typeof createPhoneScan>;

/** 256 bits of chance. */
const makeSecret = (): string => randomBytes(32).toString('base64url');

/** Throws ACCOUNT_PENDING, ACCOUNT_FROZEN, ACCOUNT_DISABLED. */
export function refuseHindered({ id, hindrance, reason }: OwnAccount): void {
  if (hindrance === 'pending') throw new AppError('ACCOUNT_PENDING', { account: id });
  if (hindrance === 'disabled') throw new AppError('ACCOUNT_DISABLED', { account: id });
  if (hindrance === 'frozen') throw new AppError('ACCOUNT_FROZEN', { account: id, reason });
}

/** The person, as surely as the phone knows him: no more than one factor, or his face, where it was seen just now. */
function proofOf(actor: Actor, { name, idNumber }: RealPerson, at: string): Proof {
  const identity: Identity = { kind: 'person', scheme: 'id-number', value: idNumber, name };
  const level = levelOf(actor.assurance, identity) === 'face' ? 'face' : 'password';
  return { way: 'phone-scan', level, identity, at };
}
