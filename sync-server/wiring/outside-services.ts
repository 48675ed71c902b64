import { outsideServices } from '#domain/contracts/outside/services.ts';
import type { OutsideServiceId } from '#domain/contracts/outside/services.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { createHttpBuildingMarket } from '../integrations/http-building-market.ts';
import { createHttpFaceCheck } from '../integrations/http-face-check.ts';
import { createHttpInstitutionAccounts } from '../integrations/http-institution-accounts.ts';
import { createHttpOpenid } from '../integrations/http-openid.ts';
import { createHttpMobileCheck, createHttpRealNameCheck } from '../integrations/http-person-checks.ts';
import {
  createHttpBusinessRegister,
  createHttpCaCompany,
  createHttpQualificationRegister,
} from '../integrations/http-registers.ts';
import { createHttpSms } from '../integrations/http-sms.ts';
import type { ServiceFailure, ServicePlace } from '../integrations/json-service.ts';
import type { MobileCheck } from '../ports/mobile-check.ts';
import type { BusinessRegister } from '../ports/outside/business-register.ts';
import type { CaCompany } from '../ports/outside/ca-company.ts';
import type { InstitutionAccounts } from '../ports/outside/institution-accounts.ts';
import type { FaceCheck } from '../ports/outside/face-check.ts';
import type { BuildingMarket } from '../ports/outside/building-market.ts';
import type { QualificationRegister } from '../ports/outside/qualification-register.ts';
import type { OpenidProvider } from '../ports/outside/openid-provider.ts';
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
  qualificationRegister: QualificationRegister;
  buildingMarket: BuildingMarket;
  mobileCheck: MobileCheck;
  institutionAccounts: InstitutionAccounts;
  /** Of that programme; `name`: as people call it. */
  openid: (programme: string, name: string) => OpenidProvider;
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
  const { qualificationRegister } = services;
  const numbers = services.mobileCheck ?? mobileCheck;
  const failures = createRefusalLog(log);
  opened.defer(async () => failures.flush());
  const tell = (failure: ServiceFailure): void =>
    failures.refused('no answer of an outside service', { ...failure }, {});
  const placeOf = ({ url, token, timeoutSeconds }: Place): ServicePlace => ({
    ...{ url, token },
    timeoutMs: timeoutSeconds * 1000,
    tell,
  });
  const missing = (service: string) => async (): Promise<never> => {
    throw new AppError('SERVICE_MISSING', { service });
  };
  const missingOne = (id: OutsideServiceId) => missing(outsideServices[id].name);
  const providers = new Map<string, OpenidProvider>();
  const openid = (programme: string, name: string): OpenidProvider => {
    const known = providers.get(programme);
    if (known) return known;
    const own = services.openid?.[programme];
    const provider = own
      ? createHttpOpenid({ ...{ name, settings: own, nowMs: clock.nowMs }, tell })
      : { begin: missing(name), finish: missing(name) };
    providers.set(programme, provider);
    return provider;
  };
  return {
    openid,
    sms: sms ? createHttpSms(placeOf(sms)) : { send: missingOne('sms') },
    realName: realName ? createHttpRealNameCheck(placeOf(realName)) : { matches: missingOne('realName') },
    face: face
      ? createHttpFaceCheck({ place: placeOf(face), publicKey: face.publicKey, nowMs: clock.nowMs })
      : { begin: missingOne('face'), resultOf: missingOne('face') },
    businessRegister: businessRegister
      ? createHttpBusinessRegister(placeOf(businessRegister))
      : { find: missingOne('businessRegister') },
    caCompany: caCompany
      ? createHttpCaCompany(placeOf(caCompany))
      : { keysOf: missingOne('caCompany'), apply: missingOne('caCompany') },
    buildingMarket: services.buildingMarket
      ? createHttpBuildingMarket(placeOf(services.buildingMarket))
      : { find: missingOne('buildingMarket') },
    qualificationRegister: qualificationRegister
      ? createHttpQualificationRegister(placeOf(qualificationRegister))
      : { of: missingOne('qualificationRegister') },
    mobileCheck: numbers ? createHttpMobileCheck(placeOf(numbers)) : { matches: missingOne('mobileCheck') },
    institutionAccounts: institutionAccounts
      ? createHttpInstitutionAccounts(placeOf(institutionAccounts))
      : {
          find: missingOne('institutionAccounts'),
          prove: missingOne('institutionAccounts'),
          open: missingOne('institutionAccounts'),
        },
  };
}

type Place = NonNullable<ServerSettings['mobileCheck']>;
