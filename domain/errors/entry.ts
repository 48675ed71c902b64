/** What is said of a failure, wherever it is told. */
export type Retry = 'never' | 'later' | 'after-user-action';

export interface ErrorEntry {
  readonly message: string;
  readonly action: string;
  readonly retry: Retry;
  /** HTTP status on the wire. */
  readonly status: number;
}

export const entry = (status: number, retry: Retry, message: string, action: string): ErrorEntry => ({
  status,
  retry,
  message,
  action,
});
