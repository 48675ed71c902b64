/** What an account of a unit is ticked for (授权): systems, each of them a programme. */

const prefix = 'system:';

/** The right to enter a programme and to act there, as it stands among an account's permissions. */
export const systemPermission = (programme: string): string => `${prefix}${programme}`;

/** Programmes that an account with these permissions is ticked for. */
export const systemsAmong = (permissions: readonly string[]): string[] =>
  permissions.flatMap((one) => (one.startsWith(prefix) ? [one.slice(prefix.length)] : []));
