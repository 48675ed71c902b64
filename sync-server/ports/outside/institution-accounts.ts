/** Port: the business systems in which institutions had accounts before they came here. Codes are not logged. */
export interface BusinessAccount {
  account: string;
  /** Of the unit, as the business system has it. */
  name: string;
  /** Of the programme's kinds of institution, by its title. */
  kind: string;
  /** A credit code, or an organisation code alone. */
  code: string;
  /** Of the opening by which it came to be; null: it was there before. */
  openingId: string | null;
}

export type AccountProof = { way: 'otp'; code: string } | { way: 'key'; serial: string };

export interface NewBusinessAccount {
  /** The programme. */
  system: string;
  /** Asked twice with the same one, the same account is answered. */
  openingId: string;
  kind: string;
  name: string;
  creditCode: string;
  information: Readonly<Record<string, string>>;
}

export interface InstitutionAccounts {
  /** Of the unit that one of the codes names, of whatever kind. Throws SERVICE_UNREACHABLE. */
  find(unit: { system: string; codes: readonly string[] }): Promise<BusinessAccount[]>;
  /** Whether the code, or the key that signed for this server, is that account's. A code is good once. Throws SERVICE_UNREACHABLE. */
  prove(request: { system: string; account: string; proof: AccountProof }): Promise<boolean>;
  /** The account; undefined where the unit has one of that kind. Throws SERVICE_UNREACHABLE, after which it may be there. */
  open(account: NewBusinessAccount): Promise<string | undefined>;
}
