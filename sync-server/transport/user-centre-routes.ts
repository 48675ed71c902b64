import { userCentreRoutes } from '#domain/contracts/public/user-centre.ts';
import type { UserCentres } from '../services/accounts/user-centres.ts';
import type { Serve } from './serve.ts';

/** For whoever comes. */
export function addUserCentreRoutes(serve: Serve, { centres }: { centres: UserCentres }): void {
  serve(userCentreRoutes.userCentres, () => centres.list());
  serve(userCentreRoutes.userCentre, ({ params }) => centres.find(params.programme));
}
