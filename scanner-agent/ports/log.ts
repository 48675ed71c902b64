/** Port: where bugs and events are written. `context` never holds personal data. */
export type LogError = (error: unknown, context: Record<string, unknown>) => void;
