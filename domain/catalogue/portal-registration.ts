/**
 * Who opens an account at a programme's portal without anybody's confirmation: by which number a registrant is known, what is
 * told of him, by which of them he signs in, and what somebody finds who has no key, forgot the password, or wants a key.
 */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';

const title = z.string().trim().min(1).max(100);
const text = z.string().trim().min(1).max(2000);

const registrantKindSchema = z.strictObject({
  /** Of the portal's account types: what the account is afterwards. */
  accountType: idSchema,
  /** By what one is told from all others: its check digit is looked at. */
  number: z.strictObject({ scheme: z.enum(['credit-code', 'id-number']), label: title }),
  name: z.strictObject({ label: title }),
  /** What is typed to sign in: a name is one registrant's only. */
  loginName: z.enum(['name', 'number']),
  /** The section that is open afterwards. */
  opens: idSchema,
  /** A filed record of that kind says in this field how the registrant is called from then on. */
  renamedBy: z.strictObject({ recordKind: idSchema, field: fieldIdSchema }).exactOptional(),
});
export type RegistrantKind = z.infer<typeof registrantKindSchema>;

export const portalRegistrationSchema = z.strictObject({
  /** Who must register, one line each, before anything is asked. */
  whoMust: z.array(text).min(1).max(10),
  kinds: z.array(registrantKindSchema).min(1).max(10),
  /** Labels of the field and of the button that ends the registration. */
  password: title,
  submit: title,
  /** 忘记密码: each way back with what it needs. */
  waysBack: z.array(z.strictObject({ title, text })).min(1).max(5),
});
export type PortalRegistration = z.infer<typeof portalRegistrationSchema>;

/** Signing in by the key of a CA company. */
export const keyLoginSchema = z.strictObject({
  /** Of the portal's account types: what a unit has whose key comes first. Left out where units register by themselves. */
  accountType: idSchema.exactOptional(),
  /** What one must have got before. */
  precondition: text,
  /** What the page says as soon as a key is in the computer. */
  inserted: text,
  /** The dialog that asks for the key's password. */
  dialog: z.strictObject({ title, password: title, confirm: title }),
  /** Left out where the portal has a driver guide of its own. */
  drivers: z
    .strictObject({
      title,
      steps: z.array(z.strictObject({ title, text })).min(1).max(10),
    })
    .exactOptional(),
});
export type KeyLogin = z.infer<typeof keyLoginSchema>;

/** Whoever has no key asks the CA company for one, from the form that says who he is. */
export const keyApplicationSchema = z.strictObject({
  accountTypes: z.array(idSchema).min(1).max(10),
  /** The block on the page of this kind. */
  recordKind: idSchema,
  block: title,
  submit: title,
  /** What must stand in the filed record before it can be asked for, and how that is said. */
  needs: z.array(fieldIdSchema).min(1).max(50),
  /** Fields of that form that the CA company is told. */
  sends: z.strictObject({
    legalRepresentative: fieldIdSchema,
    legalRepresentativeId: fieldIdSchema,
    contactName: fieldIdSchema,
    contactPhone: fieldIdSchema,
  }),
  precondition: text,
  confirm: text,
  accepted: text,
  refused: text,
});
export type KeyApplication = z.infer<typeof keyApplicationSchema>;
