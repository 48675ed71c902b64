import { outsideServices } from '#domain/contracts/outside/services.ts';
import type { OutsideServiceId } from '#domain/contracts/outside/services.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { createHttpFaceCheck } from '../integrations/http-face-check.ts';
import { createHttpInstitutionAccounts } from '../integrations/http-institution-accounts.ts';
import { createHttpMobileCheck, createHttpRealNameCheck } from '../integrations/http-person-checks.ts';
import { createHttpBusinessRegister, createHttpCaCompany } from '../integrations/http-registers.ts';
import { createHttpSms } from '../integrations/http-sms.ts';
import type { ServicePlace } from '../integrations/json-service.ts';
import type { MobileCheck } from '../ports/mobile-check.ts';
import type { BusinessRegister } from '../ports/outside/business-register.ts';
import type { CaCompany } from '../ports/outside/ca-company.ts';
import type { InstitutionAccounts } from '../ports/outside/institution-accounts.ts';
import type { FaceCheck } from '../ports/outside/face-check.ts';
import type { RealNameCheck } from '../ports/outside/real-name-check.ts';
import type { SmsSender } from '../ports/outside/sms.ts';
import type { Clock, Log } from '../ports/surroundings.ts';
import { createRefusalLog } from '../services/refusal-log.ts';
import type { ServerSettings } from '../settings.ts';

export interface OutsideServices {
  sms: SmsSender;
  realName: RealNameCheck;
  face: FaceCheck;
  businessRegister: BusinessRegister;
  caCompany: CaCompany;
  mobileCheck: MobileCheck;
  institutionAccounts: InstitutionAccounts;
}

/** A service that is not configured answers every question with SERVICE_MISSING and its name; nothing is pretended. */
export function createOutsideServices(
  { services, mobileCheck }: Pick<ServerSettings, 'services' | 'mobileCheck'>,
  {
    clock,
    log,
    opened,
  }: { clock: Pick<Clock, 'nowMs'>; log: Pick<Log, 'warn'>; opened: AsyncDisposableStack },
): OutsideServices {
  const { sms, realName, face, businessRegister, caCompany, institutionAccounts } = services;
  const numbers = services.mobileCheck ?? mobileCheck;
  const failures = createRefusalLog(log);
  opened.defer(async () => failures.flush());
  const placeOf = ({ url, token, timeoutSeconds }: Place): ServicePlace => ({
    ...{ url, token },
    timeoutMs: timeoutSeconds * 1000,
    tell: (failure) => failures.refused('no answer of an outside service', { ...failure }, {}),
  });
  const missing = (id: OutsideServiceId) => async (): Promise<never> => {
    throw new AppError('SERVICE_MISSING', { service: outsideServices[id].name });
  };
  return {
    sms: sms ? createHttpSms(placeOf(sms)) : { send: missing('sms') },
    realName: realName ? createHttpRealNameCheck(placeOf(realName)) : { matches: missing('realName') },
    face: face
      ? createHttpFaceCheck({ place: placeOf(face), publicKey: face.publicKey, nowMs: clock.nowMs })
      : { begin: missing('face'), resultOf: missing('face') },
    businessRegister: businessRegister
      ? createHttpBusinessRegister(placeOf(businessRegister))
      : { find: missing('businessRegister') },
    caCompany: caCompany ? createHttpCaCompany(placeOf(caCompany)) : { keysOf: missing('caCompany') },
    mobileCheck: numbers ? createHttpMobileCheck(placeOf(numbers)) : { matches: missing('mobileCheck') },
    institutionAccounts: institutionAccounts
      ? createHttpInstitutionAccounts(placeOf(institutionAccounts))
      : {
          find: missing('institutionAccounts'),
          prove: missing('institutionAccounts'),
          open: missing('institutionAccounts'),
        },
  };
}

type Place = NonNullable<ServerSettings['mobileCheck']>;
