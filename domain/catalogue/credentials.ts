/** 数字证照 of a programme: in whose name they are issued, and which type each kind of record gives. */
import { z } from 'zod';
import { idSchema } from './ids.ts';

const creditCodeSchema = z.string().regex(/^[0-9A-Z]{18}$/);

export const credentialsSchema = z.strictObject({
  /** 证照颁发机构. */
  issuer: z.strictObject({ name: z.string().min(1).max(100), code: creditCodeSchema }),
  /** 证照定义机构: whose types these are; the issuer if left out. */
  definedBy: creditCodeSchema.exactOptional(),
  types: z
    .array(
      z.strictObject({
        kind: idSchema,
        /** The last three characters of the type's code. */
        code: z.string().regex(/^[0-9A-Z]{3}$/),
        /** stored: as soon as the green record is stored. decided: by the effect of a case alone. */
        issued: z.enum(['stored', 'decided']).default('stored'),
      }),
    )
    .min(1),
});
export type Credentials = z.infer<typeof credentialsSchema>;

/** 21 characters, by GB/T 36904. */
export const typeCodeOf = ({ issuer, definedBy }: Credentials, code: string): string =>
  `${definedBy ?? issuer.code}${code}`;
