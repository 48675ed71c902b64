/** All outside services, by the name that they have in the server's settings. */
import { buildingMarketService } from './building-market.ts';
import { faceService } from './face.ts';
import { institutionAccountsService } from './institution-accounts.ts';
import { mobileCheckService, realNameService } from './person-checks.ts';
import { businessRegisterService, caCompanyService, qualificationRegisterService } from './registers.ts';
import type { OutsideService } from './service.ts';
import { smsService } from './sms.ts';

export const outsideServices = {
  sms: smsService,
  realName: realNameService,
  face: faceService,
  businessRegister: businessRegisterService,
  caCompany: caCompanyService,
  qualificationRegister: qualificationRegisterService,
  buildingMarket: buildingMarketService,
  mobileCheck: mobileCheckService,
  institutionAccounts: institutionAccountsService,
} as const satisfies Record<string, OutsideService>;

export type OutsideServiceId = keyof typeof outsideServices;
export const outsideServiceIds = Object.keys(outsideServices) as [OutsideServiceId, ...OutsideServiceId[]];
