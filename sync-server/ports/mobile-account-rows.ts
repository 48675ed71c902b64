export interface MobileAccount {
  id: string;
  isDisabled: boolean;
  /** Why, as its owner may know it; absent where it is not frozen. */
  frozenFor?: string;
}

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
  /** Of that type. */
  byMobile(mobile: string, type: string): Promise<MobileAccount | undefined>;
  /** Every session of it ends. False where it may not be used by now; then nothing is written. */
  choosePassword(change: { account: string; passwordHash: string; at: string }): Promise<boolean>;
}
