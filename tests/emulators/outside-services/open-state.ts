/** What the sandbox knows, in one file of its folder, written whole after each change. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { parse } from 'yaml';
import { makePrivateFolder, writePrivateFile } from '#config/private-files.ts';
import type { OutsideServiceId } from '#domain/contracts/outside/services.ts';
import { outsideServiceIds } from '#domain/contracts/outside/services.ts';
import { openidBehaviourSchema, stateSchema } from './schemas.ts';
import type {
  Behaviour,
  OpenidBehaviour,
  SandboxBusiness,
  SandboxFaceCheck,
  SandboxInstitutionAccount,
  SandboxKey,
  SandboxMarketCertificate,
  SandboxMessage,
  SandboxOpenid,
  SandboxOpenidUser,
  SandboxPerson,
  SandboxQualification,
  SandboxRequest,
} from './schemas.ts';

const demonstration = new URL('demonstration.yaml', import.meta.url);
/** Of messages, face checks and requests, so many are remembered. */
const maxKept = 500;

export type Sandbox = ReturnType<typeof openState>;

export function openState(folder: string) {
  makePrivateFolder(folder);
  const file = join(folder, 'state.json');
  const first: unknown = parse(readFileSync(demonstration, 'utf8'));
  // what a folder of before does not have yet is as at the first start
  const state = stateSchema.parse(
    existsSync(file) ? Object.assign({}, first, JSON.parse(readFileSync(file, 'utf8'))) : first,
  );
  const requests: SandboxRequest[] = [];
  const behaviours = new Map<OutsideServiceId, Behaviour>();
  let openidBehaviour: OpenidBehaviour = openidBehaviourSchema.parse({});
  const changes = new EventEmitter().setMaxListeners(0);

  function keep(): void {
    const next = `${file}.new`;
    writePrivateFile(next, JSON.stringify(state, undefined, 2));
    renameSync(next, file);
    changes.emit('change');
  }
  const put = <T>(list: T[], row: T, isSame: (other: T) => boolean): void => {
    const index = list.findIndex(isSame);
    if (index < 0) list.unshift(row);
    else list[index] = row;
    keep();
  };
  const remember = <T>(list: T[], row: T): void => {
    list.unshift(row);
    list.splice(maxKept);
  };

  return {
    changes,
    persons: (): readonly SandboxPerson[] => state.persons,
    putPerson: (row: SandboxPerson) => put(state.persons, row, ({ idNumber }) => idNumber === row.idNumber),
    businesses: (): readonly SandboxBusiness[] => state.businesses,
    putBusiness: (row: SandboxBusiness) =>
      put(state.businesses, row, ({ creditCode }) => creditCode === row.creditCode),
    keys: (): readonly SandboxKey[] => state.keys,
    putKey: (row: SandboxKey) => put(state.keys, row, ({ serial }) => serial === row.serial),
    market: (): readonly SandboxMarketCertificate[] => state.market,
    putMarketCertificate: (row: SandboxMarketCertificate) =>
      put(state.market, row, ({ creditCode, id }) => creditCode === row.creditCode && id === row.id),
    qualifications: (): readonly SandboxQualification[] => state.qualifications,
    putQualification: (row: SandboxQualification) =>
      put(state.qualifications, row, ({ idNumber, kind }) => idNumber === row.idNumber && kind === row.kind),
    institutionAccounts: (): readonly SandboxInstitutionAccount[] => state.institutionAccounts,
    putInstitutionAccount: (row: SandboxInstitutionAccount) =>
      put(
        state.institutionAccounts,
        row,
        ({ system, account }) => system === row.system && account === row.account,
      ),

    openid: (): Readonly<SandboxOpenid> => state.openid,
    putOpenidUser: (row: SandboxOpenidUser) =>
      put(state.openid.users, row, ({ login }) => login === row.login),
    setRedirectUris(uris: string[]): void {
      state.openid.redirectUris = uris;
      keep();
    },
    openidBehaviour: (): OpenidBehaviour => openidBehaviour,
    /** Until the next start. */
    setOpenidBehaviour(behaviour: OpenidBehaviour): void {
      openidBehaviour = behaviour;
      changes.emit('change');
    },

    /** Newest first, as are the other three. */
    messages: (): readonly SandboxMessage[] => state.messages,
    addMessage(message: SandboxMessage): void {
      remember(state.messages, message);
      keep();
    },
    checks: (): readonly SandboxFaceCheck[] => state.checks,
    findCheck: (id: string) => state.checks.find(({ checkId }) => checkId === id),
    addCheck(check: SandboxFaceCheck): void {
      remember(state.checks, check);
      keep();
    },
    /** The first answer stays. */
    endCheck(check: SandboxFaceCheck, done: NonNullable<SandboxFaceCheck['done']>): void {
      check.done ??= done;
      keep();
    },
    requests: (): readonly SandboxRequest[] => requests,
    noteRequest(request: SandboxRequest): void {
      remember(requests, request);
      changes.emit('change');
    },

    behaviourOf: (id: OutsideServiceId): Behaviour =>
      behaviours.get(id) ?? { mode: 'normal', delayMs: 5_000 },
    /** Until the next start. */
    setBehaviour(id: OutsideServiceId | 'all', behaviour: Behaviour): void {
      for (const one of id === 'all' ? outsideServiceIds : [id]) behaviours.set(one, behaviour);
      changes.emit('change');
    },
  };
}
