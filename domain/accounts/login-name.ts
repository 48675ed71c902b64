import { normaliseText } from '../text/normalise.ts';

/** Two names that one signs in by are the same where these are: nobody types a bracket or a blank as another one did. */
export const loginKeyOf = (loginName: string): string => normaliseText(loginName).toUpperCase();
