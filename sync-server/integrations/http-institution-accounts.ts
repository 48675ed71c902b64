import { institutionAccountsService } from '#domain/contracts/outside/institution-accounts.ts';
import { organisationCodeIn } from '#domain/fields/check-digits.ts';
import type { InstitutionAccounts } from '../ports/outside/institution-accounts.ts';
import { createJsonService } from './json-service.ts';
import type { ServicePlace } from './json-service.ts';

export function createHttpInstitutionAccounts(place: ServicePlace): InstitutionAccounts {
  const service = createJsonService(institutionAccountsService.name, place);
  const { find, prove, open } = institutionAccountsService.operations;
  return {
    async find({ system, codes }) {
      // an answer about another unit is none
      const ofThisUnit = find.answer.refine(({ accounts }) =>
        accounts.every(({ code }) =>
          codes.some((one) => organisationCodeIn(one) === organisationCodeIn(code)),
        ),
      );
      const { accounts } = await service.ask(find, { body: { system, codes }, answer: ofThisUnit });
      return accounts;
    },
    async prove({ system, account, proof }) {
      const body = { system, account, proof };
      const { matches } = await service.ask(prove, { body, answer: prove.answer });
      return matches;
    },
    async open({ system, openingId, kind, name, creditCode, information }) {
      const body = { system, openingId, kind, name, creditCode, information };
      const { account } = await service.ask(open, { body, answer: open.answer });
      return account ?? undefined;
    },
  };
}
