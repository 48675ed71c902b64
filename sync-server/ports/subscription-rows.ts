/** Port: which subject's key was proved to be at which station. */
import type { Audience } from '#domain/sync/audience.ts';

export interface StoredSubscription {
  stationId: string;
  audience: Audience;
  /** What it rests on, as the verifier keeps it. */
  proof: string;
  expiresAtMs: number;
  /** The person has gone, or another one has come. */
  isEnded: boolean;
}

export interface SubscriptionRows {
  /** Ends the station's others: one person is logged in at a counter. */
  add(subscription: {
    tokenSha: string;
    stationId: string;
    audience: Audience;
    proof: string;
    at: string;
    expiresAtMs: number;
  }): Promise<void>;
  find(tokenSha: string): Promise<StoredSubscription | undefined>;
  /** All of the station. Twice is fine. */
  end(stationId: string, at: string): Promise<void>;
  /** Whether the key was there at that instant or since, whether or not the person has gone meanwhile. */
  wasProved(stationId: string, audience: Audience, since: string): Promise<boolean>;
}
