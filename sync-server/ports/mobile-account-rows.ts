/** Port: accounts of persons that are known by the mobile number and a password. */
export interface MobileAccountRows {
  /** False where the number is another account's already; then nothing is written. */
  open(account: {
    id: string;
    type: string;
    name: string;
    mobile: string;
    passwordHash: string;
    at: string;
  }): Promise<boolean>;
}
