import type { ConsoleEvent } from '#domain/contracts/desk/events.ts';

export type CaseEvent = Extract<ConsoleEvent, { caseId: string }>;
