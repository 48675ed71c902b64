/** Identities of institutions: who a unit is in a business system, by its codes and by what kind of institution it is. */
import { z } from 'zod';
import { maxLength } from '../limits.ts';

/** By the opening at this platform, or by what proved that an account from before is the unit's. */
export const institutionOriginSchema = z.enum(['registered', 'bound-by-otp', 'bound-by-key']);
export type InstitutionOrigin = z.infer<typeof institutionOriginSchema>;

export const institutionIdentitySchema = z.object({
  /** Of the programme's kinds of institution. */
  role: z.string().max(maxLength.name),
  /** In the business system. */
  businessAccount: z.string().max(maxLength.name),
  origin: institutionOriginSchema,
});
export type InstitutionIdentity = z.infer<typeof institutionIdentitySchema>;
