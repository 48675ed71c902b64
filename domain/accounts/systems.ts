/** What an account of a unit is ticked for (授权): systems, each of them a programme. */

/** The right to enter a programme and to act there, as it stands among an account's permissions. */
export const systemPermission = (programme: string): string => `system:${programme}`;
