/** The server's adapters as its wiring makes them, and a question to each outside service. */
import { AppError } from '#domain/errors/app-error.ts';
import type { OutsideServiceId } from '#domain/contracts/outside/services.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import { createOutsideServices } from '../../sync-server/wiring/outside-services.ts';
import type { OutsideServices } from '../../sync-server/wiring/outside-services.ts';

/** Both are in the sandbox's demonstration. */
export const person = { name: '杨志明', idNumber: '530102198503152013', mobile: '13900000011' };
export const company = '91530100MA6K1A017N';
export const institution = { system: 'shanghai-maintenance-fund', codes: ['91210113MA0P4XU88E'] };

/** `log` gets every line that they would write. */
export function connectServices(
  settings: Pick<ServerSettingsInput, 'services' | 'mobileCheck'>,
  { nowMs = () => Date.now(), log = [] }: { nowMs?: () => number; log?: unknown[] } = {},
): OutsideServices {
  const write = (...line: unknown[]): void => void log.push(line);
  return createOutsideServices(serverSettingsSchema.parse({ dataFolder: 'unused', ...settings }), {
    clock: { nowMs },
    log: { warn: write },
    opened: new AsyncDisposableStack(),
  });
}

export const questions: Record<OutsideServiceId, (services: OutsideServices) => Promise<unknown>> = {
  sms: ({ sms }) => sms.send({ mobile: person.mobile, text: '【绿灯站】验证码 482913，5 分钟内有效。' }),
  realName: ({ realName }) => realName.matches(person),
  face: ({ face }) => face.begin(faceRequest()),
  businessRegister: ({ businessRegister }) => businessRegister.find(company),
  caCompany: ({ caCompany }) => caCompany.keysOf(company),
  qualificationRegister: ({ qualificationRegister }) => qualificationRegister.of(person.idNumber),
  buildingMarket: ({ buildingMarket }) => buildingMarket.find({ creditCode: company }),
  mobileCheck: ({ mobileCheck }) => mobileCheck.matches({ name: person.name, mobile: person.mobile }),
  institutionAccounts: ({ institutionAccounts }) => institutionAccounts.find(institution),
};

let asked = 0;
export function faceRequest() {
  asked += 1;
  const nonce = `${asked}`.padStart(32, 'n');
  const { name, idNumber } = person;
  return {
    ...{ name, idNumber, nonce },
    purpose: '确认企业主账号注册',
    about: `to-do ${asked}`,
    returnUrl: 'http://127.0.0.1:8720/m/',
  };
}

/** Throws where the work does not fail, or fails with a bug. */
export async function refusal(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    (answer) => new Error(`answered ${JSON.stringify(answer)}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw error;
}
