/** What the line says to the log; pino fits. Never payloads: they hold personal data. */
export interface LinkLog {
  info(details: Record<string, unknown>, message: string): void;
  warn(details: Record<string, unknown>, message: string): void;
}
