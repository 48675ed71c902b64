/** Port: what stations told of themselves, and what the desk wants of them. */
import type { AcknowledgeRequest, AuditFinding } from '#domain/contracts/desk/fleet.ts';
import type { NumberedSettings, StationHealth, StationSettings } from '#domain/sync/fleet.ts';

export interface ReportedHealth {
  health: StationHealth;
  reportedAt: string;
  /** Server less station. */
  clockOffsetMs: number;
}

export type FindingCounts = Partial<Record<AuditFinding['kind'], number>>;

export interface FleetRows {
  /** What the audit found and nobody acknowledged, counted for each station. */
  countFindings(): Promise<Map<string, FindingCounts>>;
  /** Oldest first, at the most 200. */
  findings(stationId: string): Promise<AuditFinding[]>;
  /** Those of the station that nobody acknowledged before; one transaction, noted in the operation log. */
  acknowledge(
    stationId: string,
    acknowledgement: AcknowledgeRequest & { accountId: string; at: string },
  ): Promise<void>;
  /** Replaces what the station told before. */
  saveHealth(stationId: string, report: ReportedHealth): Promise<void>;
  healths(): Promise<Map<string, ReportedHealth>>;
  settings(): Promise<Map<string, NumberedSettings>>;
  /** One transaction: kept with the next revision, the station's name, a change in its feed, an operation. Throws NOT_FOUND. */
  changeSettings(
    stationId: string,
    change: { settings: StationSettings; accountId: string; at: string },
  ): Promise<void>;
}

/** What the metrics page counts in the database. */
export interface FleetCounts {
  stationsByState: Record<string, number>;
  stationsOnline: number;
  /** `ready` never failed yet, `failing` waits for another try, `leased` in hand, `parked` given up. */
  jobs: Record<'ready' | 'failing' | 'leased' | 'parked', number>;
}
