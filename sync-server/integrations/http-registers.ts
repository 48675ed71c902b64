import {
  businessRegisterService,
  caCompanyService,
  qualificationRegisterService,
} from '#domain/contracts/outside/registers.ts';
import type { BusinessRegister } from '../ports/outside/business-register.ts';
import type { CaCompany } from '../ports/outside/ca-company.ts';
import type { QualificationRegister } from '../ports/outside/qualification-register.ts';
import { createJsonService } from './json-service.ts';
import type { ServicePlace } from './json-service.ts';

export function createHttpBusinessRegister(place: ServicePlace): BusinessRegister {
  const service = createJsonService(businessRegisterService.name, place);
  const { find } = businessRegisterService.operations;
  return {
    async find(creditCode) {
      // an answer about another unit is none
      const ofThisUnit = find.answer.refine(
        ({ business }) => business === null || business.creditCode === creditCode,
      );
      const { business } = await service.ask(find, { body: { creditCode }, answer: ofThisUnit });
      return business ?? undefined;
    },
  };
}

export function createHttpQualificationRegister(place: ServicePlace): QualificationRegister {
  const service = createJsonService(qualificationRegisterService.name, place);
  const { find } = qualificationRegisterService.operations;
  return {
    async of(idNumber) {
      // an answer about another person is none
      const ofThisPerson = find.answer.refine((answer) => answer.idNumber === idNumber);
      const { qualifications } = await service.ask(find, { body: { idNumber }, answer: ofThisPerson });
      return qualifications;
    },
  };
}

export function createHttpCaCompany(place: ServicePlace): CaCompany {
  const service = createJsonService(caCompanyService.name, place);
  const { keys, apply } = caCompanyService.operations;
  return {
    async keysOf(creditCode) {
      const answer = await service.ask(keys, { body: { creditCode }, answer: keys.answer });
      return answer.keys;
    },
    apply: (body) => service.ask(apply, { body, answer: apply.answer }),
  };
}
