/** Port: what is known of persons' qualifications. What papers say is written by decisions, what the register says here. */
import type { HeldQualification } from '#domain/registers/schema.ts';

export interface QualificationRows {
  /** The register's whole answer about a person: what it said before and says no more goes. */
  noteAnswer(person: string, held: readonly Omit<HeldQualification, 'source'>[], at: string): Promise<void>;
}
