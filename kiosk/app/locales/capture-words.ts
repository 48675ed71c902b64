/** Words of what the station makes of a page before the check: places it guessed. */
export const captureWords = {
  guessed: '位置为推测，请核对',
} as const;
