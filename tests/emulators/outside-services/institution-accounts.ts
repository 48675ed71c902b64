/** The business systems' accounts of institutions. */
import type { z } from 'zod';
import { organisationCodeIn } from '#domain/fields/check-digits.ts';
import type { institutionAccountsService } from '#domain/contracts/outside/institution-accounts.ts';
import { usableStep } from './one-time-codes.ts';
import type { Sandbox } from './open-state.ts';

type Operations = (typeof institutionAccountsService)['operations'];
type RequestOf<O extends keyof Operations> = z.output<Operations[O]['request']>;

/** Some write leading noughts. */
const numberOf = (serial: string): bigint => BigInt(`0x${serial}`);

export function answerInstitutionAccounts(sandbox: Sandbox) {
  const ofUnit = (system: string, codes: readonly string[]) => {
    const wanted = codes.map(organisationCodeIn);
    return sandbox
      .institutionAccounts()
      .filter((one) => one.system === system && wanted.includes(organisationCodeIn(one.code)));
  };

  return {
    find: ({ system, codes }: RequestOf<'find'>) => ({
      accounts: ofUnit(system, codes).map(({ account, name, kind, code, openingId }) => ({
        ...{ account, name, kind, code, openingId },
      })),
    }),
    prove({ system, account, proof }: RequestOf<'prove'>) {
      const found = sandbox
        .institutionAccounts()
        .find((one) => one.system === system && one.account === account);
      if (!found) return { matches: false };
      if (proof.way === 'key') {
        const serial = numberOf(proof.serial);
        return { matches: found.keySerials.some((one) => numberOf(one) === serial) };
      }
      const { otpSecret: secret, usedStep } = found;
      const step = usableStep(proof.code, { secret, usedStep, nowMs: Date.now() });
      if (step === undefined) return { matches: false };
      sandbox.putInstitutionAccount({ ...found, usedStep: step });
      return { matches: true };
    },
    open({ system, openingId, kind, name, creditCode }: RequestOf<'open'>) {
      const same = ofUnit(system, [creditCode]).filter((one) => one.kind === kind);
      const earlier = same.find((one) => one.openingId === openingId);
      if (earlier) return { account: earlier.account };
      if (same.length > 0) return { account: null };
      const account = `WX${String(sandbox.institutionAccounts().length + 1).padStart(6, '0')}`;
      sandbox.putInstitutionAccount({
        ...{ system, account, name, kind, code: creditCode, openingId },
        ...{ otpSecret: '', usedStep: 0, keySerials: [] },
      });
      return { account };
    },
  };
}
