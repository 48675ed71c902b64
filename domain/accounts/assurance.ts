/** What was proved in a session, and whether that is enough: by which way, of whom, how surely. */
import { z } from 'zod';
import { instantSchema } from '../primitives.ts';
import {
  assuranceLevels,
  assuranceLevelSchema,
  identityKindSchema,
  identitySchema,
  isSameIdentity,
  rankOf,
} from './identity.ts';
import type { AssuranceLevel, Identity } from './identity.ts';
import { loginWaySchema } from './login-way-ids.ts';
import type { LoginWayId } from './login-way-ids.ts';
import { provenLevel } from './login-ways.ts';

interface ProofParts {
  way: LoginWayId;
  level: AssuranceLevel;
  identity: Identity;
}

/** One identity that was proved, how, and when: never more than the way proves. */
export const proofSchema = z
  .object({
    way: loginWaySchema,
    level: assuranceLevelSchema,
    identity: identitySchema,
    at: instantSchema,
  })
  .refine((proof) => worthOf(proof) === proof.level, {
    error: 'the way does not prove an identity of this kind at this level',
    path: ['level'],
  });
export type Proof = Readonly<z.infer<typeof proofSchema>>;

/** All that was proved in one session: a company's UKey, and the face of its handler besides. Empty: nothing. */
export const assuranceSchema = z.array(proofSchema).max(8);
export type Assurance = readonly Proof[];

/** What an action asks for. Without `of`, any identity of the kind will do. */
export const neededAssuranceSchema = z.strictObject({
  level: assuranceLevelSchema,
  kind: identityKindSchema,
  of: identitySchema.exactOptional(),
});
export type NeededAssurance = Readonly<z.infer<typeof neededAssuranceSchema>>;

/** Negative, zero, positive: weaker, alike, stronger. Undefined where the two prove different identities: nothing ranks them. */
export function compareProofs(left: Proof, right: Proof): number | undefined {
  if (!isSameIdentity(left.identity, right.identity)) return undefined;
  return rankOf(worthOf(left)) - rankOf(worthOf(right));
}

/** Whether what was proved is enough. `none` asks for nothing; everything else for one proof of an identity of that kind. */
export function isAssured(assurance: Assurance, { level, kind, of }: NeededAssurance): boolean {
  if (level === 'none') return true;
  return assurance.some(
    (proof) =>
      proof.identity.kind === kind &&
      rankOf(worthOf(proof)) >= rankOf(level) &&
      (of === undefined || isSameIdentity(proof.identity, of)),
  );
}

/** The level at which `identity` is proved; `none` where it is not. */
export function levelOf(assurance: Assurance, identity: Identity): AssuranceLevel {
  const ranks = assurance
    .filter((proof) => isSameIdentity(proof.identity, identity))
    .map((proof) => rankOf(worthOf(proof)));
  return assuranceLevels[Math.max(0, ...ranks)] ?? 'none';
}

/** A face that was seen stands for so long, and no longer, in the session that asked for it. */
const faceProofMs = 10 * 60_000;

/** Those that still stand. */
export const standingProofs = (assurance: Assurance, nowMs: number): Proof[] =>
  assurance.filter(({ way, at }) => way !== 'face' || Date.parse(at) + faceProofMs > nowMs);

/** With one more, in place of an earlier one by the same way of the same identity. */
export const withProof = (assurance: Assurance, proof: Proof): Proof[] => [
  ...assurance.filter(({ way, identity }) => way !== proof.way || !isSameIdentity(identity, proof.identity)),
  proof,
];

/** What a proof counts for, whatever it says of itself: the less of its own level and of what its way proves. */
function worthOf({ way, level, identity }: ProofParts): AssuranceLevel {
  const most = provenLevel(way, identity.kind);
  return rankOf(level) <= rankOf(most) ? level : most;
}
