import { useUserCentre } from '../../client/use-user-centre.ts';

/** Where the back end of a system begins: the user centre's own is its 首页. */
export const backEndOf = (programme: string): string =>
  programme === useUserCentre().view?.id ? '/home' : `/systems/${programme}`;
