/** Signing in of a company's operators: the mobile number, its password, and the code that comes to the phone. */
import { z } from 'zod';
import { mobileSchema } from '../../accounts/operators.ts';
import { maxPasswordLength, signedInSchema } from '../desk/session.ts';
import { codeSchema, codeSentSchema } from '../mobile/session.ts';
import type { ServerRoutes } from '../route.ts';

const askForCodeSchema = z.strictObject({
  programme: z.string().min(1).max(64),
  mobile: mobileSchema,
  password: z.string().min(1).max(maxPasswordLength),
});
export type AskForCode = z.infer<typeof askForCodeSchema>;

const operatorSignInSchema = askForCodeSchema.extend({ code: codeSchema });
export type OperatorSignIn = z.infer<typeof operatorSignInSchema>;

export const operatorLoginRoutes = {
  /** To nobody without the right password. */
  sendOperatorCode: {
    method: 'POST',
    path: '/api/operator-session/code',
    permission: 'session.open',
    body: askForCodeSchema,
    answer: codeSentSchema,
  },
  operatorSignIn: {
    method: 'POST',
    path: '/api/operator-session',
    permission: 'session.open',
    body: operatorSignInSchema,
    answer: signedInSchema,
  },
} as const satisfies ServerRoutes;
