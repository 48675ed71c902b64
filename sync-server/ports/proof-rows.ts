/** Port: which station has shown the bytes of which blob, whichever process took them. */
export interface ProofRows {
  /** Those of `shas` whose bytes the station has sent whole, or delivered with an item of its own. */
  proved(stationId: string, shas: readonly string[]): Promise<ReadonlySet<string>>;
  /** It has sent them whole, and they are what their name says. Again is fine. Other processes know when resolved. */
  note(stationId: string, sha: string, at: string): Promise<void>;
}
