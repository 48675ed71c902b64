/** Port: time and ids, so that rules stay pure and tests decide what the day is. */
export interface Clock {
  /** Now, ISO UTC. */
  now: () => string;
  /** Local calendar day, YYYY-MM-DD. */
  today: () => string;
}
