import type { LoginWayId } from '../accounts/login-way-ids.ts';
import { offeredBy } from '../accounts/login-ways.ts';
import { systemsAmong } from '../accounts/systems.ts';
import type { Catalogue } from './schema.ts';

/** Whether one of the systems that the account is ticked for offers the way; of an account without any every way is as good. */
export function isOfferedBySystems(
  { programmes }: Pick<Catalogue, 'programmes'>,
  way: LoginWayId,
  permissions: readonly string[],
): boolean {
  const systems = systemsAmong(permissions);
  return (
    systems.length === 0 ||
    programmes.some(
      ({ id, loginWays }) => systems.includes(id) && offeredBy(loginWays).some((one) => one.way === way),
    )
  );
}
