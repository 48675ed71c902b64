import { smsService } from '#domain/contracts/outside/sms.ts';
import type { SmsSender } from '../ports/outside/sms.ts';
import { createJsonService } from './json-service.ts';
import type { ServicePlace } from './json-service.ts';

export function createHttpSms(place: ServicePlace): SmsSender {
  const service = createJsonService(smsService.name, place);
  const { send } = smsService.operations;
  return {
    async send({ mobile, text }) {
      await service.ask(send, { body: { mobile, text }, answer: send.answer });
    },
  };
}
