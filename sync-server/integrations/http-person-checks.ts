import { mobileCheckService, realNameService } from '#domain/contracts/outside/person-checks.ts';
import type { MobileCheck } from '../ports/mobile-check.ts';
import type { RealNameCheck } from '../ports/outside/real-name-check.ts';
import { createJsonService } from './json-service.ts';
import type { ServicePlace } from './json-service.ts';

export function createHttpRealNameCheck(place: ServicePlace): RealNameCheck {
  const service = createJsonService(realNameService.name, place);
  const { check } = realNameService.operations;
  return {
    async matches({ name, idNumber, mobile }) {
      const { matches } = await service.ask(check, {
        body: { name, idNumber, mobile },
        answer: check.answer,
      });
      return matches;
    },
  };
}

export function createHttpMobileCheck(place: ServicePlace): MobileCheck {
  const service = createJsonService(mobileCheckService.name, place);
  const { check } = mobileCheckService.operations;
  return {
    async matches({ name, mobile }) {
      const { matches } = await service.ask(check, { body: { name, mobile }, answer: check.answer });
      return matches;
    },
  };
}
