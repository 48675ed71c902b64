/** Port: every account of every kind, as those who look after accounts find, freeze and thaw them. */
import type {
  DirectoryPage,
  DirectoryQuery,
  DirectoryRow,
  PersonalField,
} from '#domain/contracts/desk/directory.ts';
import type { Acting } from './account-rows.ts';

/** Personal data as it is kept: whoever answers it masks it. */
export interface DirectoryRows {
  search(query: DirectoryQuery & { pageSize: number }): Promise<DirectoryPage>;
  find(id: string): Promise<DirectoryRow | undefined>;
  /** One transaction: its sessions end and the log has it. False, and nothing is done, where it is frozen already. */
  freeze(id: string, why: { reason: string; note: string }, acting: Acting): Promise<boolean>;
  /** False where it is not frozen. */
  thaw(id: string, why: { reason: string }, acting: Acting): Promise<boolean>;
  /**
   * A password that its owner must replace; its sessions end and the log has the reason. False where it is no account that
   * somebody opened by himself.
   */
  issuePassword(
    id: string,
    password: { hash: string; until: string; reason: string },
    acting: Acting,
  ): Promise<boolean>;
  /** The value, in the transaction that notes who asked for it and why; undefined where there is none, and nothing is noted. */
  unmask(
    id: string,
    field: PersonalField,
    why: { reason: string },
    acting: Acting,
  ): Promise<string | undefined>;
}
