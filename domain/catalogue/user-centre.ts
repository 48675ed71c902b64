/**
 * What a user centre IS: which types of main account there are, what each one asks for and who confirms it, which accounts a
 * unit may open for its people, which systems an account may enter, and what a person agrees to.
 */
import { z } from 'zod';
import { systemPermission } from '../accounts/systems.ts';
import { fieldIdSchema, idSchema } from './ids.ts';
import type { Portal } from './portal.ts';

const title = z.string().trim().min(1).max(100);
const text = z.string().trim().min(1).max(2000);

/** Whose the main account is: the fields of the form that name it. */
const subjectFieldsSchema = z.strictObject({
  /** organisation: known by its credit code. person: by the id number of the person who answers for it. */
  kind: z.enum(['organisation', 'person']),
  name: fieldIdSchema,
  code: fieldIdSchema,
});

export const mainAccountTypeSchema = z.strictObject({
  id: idSchema,
  /** As it stands on the page of types. */
  title,
  /** The subject role that comes with it. */
  role: idSchema,
  /** For whom it is, beside the title. */
  forWhom: text.exactOptional(),
  /** What is needed, one line each, shown before anything is filled in. */
  conditions: z.array(text).min(1).max(20),
  recordKind: idSchema,
  subject: subjectFieldsSchema,
  /** How the person who confirms is called: 法人, 负责人. The page of the confirmation has it in its title. */
  confirmer: title,
  /** Fields of the form that name that person. */
  confirmerName: fieldIdSchema,
  confirmerIdNumber: fieldIdSchema,
  /** Where that person is reminded. */
  confirmerMobile: fieldIdSchema,
  /** The field that names the main handler, to whom the registration belongs. */
  handlerIdNumber: fieldIdSchema,
});
export type MainAccountType = z.infer<typeof mainAccountTypeSchema>;

/** 用户协议 and its like: who agrees, agrees to a version. */
export const agreementTextSchema = z.strictObject({
  id: z.enum(['terms', 'privacy', 'face']),
  title,
  version: z.string().min(1).max(20),
  paragraphs: z.array(text).min(1).max(50),
});
export type AgreementText = z.infer<typeof agreementTextSchema>;

export const userCentreSchema = z.strictObject({
  /** As the province calls the pages for phones. */
  mobileAppName: title,
  /** Where a browser finds the entrance, as the province publishes it. */
  entrance: z.strictObject({ site: title, url: z.url({ protocol: /^https$/ }) }),
  /** Browsers that are named to whoever comes. */
  browsers: z.array(title).min(1).max(10),
  /** What must be done before a registration begins, and why. */
  precondition: z.strictObject({ text, reason: text }),
  /** Opens by itself on the page of a registration; may be closed once it has been open for so long. */
  notice: z.strictObject({
    title,
    seconds: z.int().min(0).max(60),
    close: title,
    paragraphs: z.array(text).min(1).max(20),
  }),
  accountTypes: z.array(mainAccountTypeSchema).min(1).max(20),
  /** What a unit opens for its people. */
  handlers: z.strictObject({
    /** Filled in by 添加经办人账号, and by 编辑 of one that a key brought. */
    recordKind: idSchema,
    types: z
      .array(
        z.strictObject({
          id: idSchema,
          title,
          /** The subject role whose rights come with it. */
          role: idSchema.exactOptional(),
        }),
      )
      .min(1)
      .max(20),
    /** 主经办人账号信息变更. */
    mainChangeKind: idSchema,
  }),
  /** What an account may be let into: programmes, by their ids; `title` as the person chooses it. */
  systems: z
    .array(z.strictObject({ programme: idSchema, title }))
    .min(1)
    .max(50),
  agreements: z.array(agreementTextSchema).length(3),
  /** 注册指引, step by step. */
  guide: z.array(z.strictObject({ title, text })).min(1).max(20),
  /** How to get the pages for phones, and how to use them. */
  mobileGuide: z.array(text).min(1).max(20),
});
export type UserCentre = z.infer<typeof userCentreSchema>;

/** Which systems the account has a tick for (授权): all of them where it is its unit's own. */
export const systemsOf = (
  { systems }: Pick<UserCentre, 'systems'>,
  { kind, permissions }: { kind: string; permissions: readonly string[] },
): { programme: string; title: string; isAllowed: boolean }[] =>
  systems.map((system) => ({
    ...system,
    isAllowed: kind === 'main' || permissions.includes(systemPermission(system.programme)),
  }));

/** Fields that the form of `mainChangeKind` has beside those that its workflow names. */
export const mainChangeFields = { reason: 'reason', accountType: 'accountType' } as const;

/** Roles that an account of this type has, in whichever user centre or portal knows the type. */
export const rolesOfType = (
  programmes: readonly { readonly userCentre?: UserCentre; readonly portal?: Portal }[],
  accountType: string,
): string[] =>
  programmes.flatMap(({ userCentre, portal }) =>
    [
      ...(userCentre?.accountTypes ?? []),
      ...(userCentre?.handlers.types ?? []),
      ...(portal?.accountTypes ?? []),
    ].flatMap(({ id, role }) => (id === accountType && role !== undefined ? [role] : [])),
  );
