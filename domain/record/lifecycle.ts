/**
 * The life of a record: one table. For every event: who causes it, which state it leads to from every state (null: not from
 * there), which line it writes into the log, and what falls away because it rested on what is no more. The rules, the
 * station's queue, the server's rows, both databases' own tables of moves and the buttons of the pages read it; a state is
 * set nowhere else than in `applyEvent`.
 */
import { standardLogLines } from '../catalogue/log-lines.ts';
import type { LogLineKey, LogLines } from '../catalogue/log-lines.ts';
import { AppError } from '../errors/app-error.ts';
import type { LightColour } from '../verdict/schema.ts';
import { returnedCode } from './schema.ts';
import type { LudengRecord, Material, Operation, RecordState } from './schema.ts';

/** Where every record begins. */
export const firstState: RecordState = 'draft';

/** `deleted` is no state of a record: nothing of it is left. */
export type NextState = RecordState | 'deleted';

/**
 * What may fall away. rejection: the server's; return: a department's reason, which stays while it is corrected. material-seal, material-check: of the material that the event speaks of; all-material-seals: of every
 * material, with the checks that rested on them.
 */
export type FallsAway =
  | 'light'
  | 'rejection'
  | 'return'
  | 'record-seal'
  | 'credential'
  | 'material-seal'
  | 'material-check'
  | 'all-material-seals';

export interface EventRule {
  /** applicant: the person at the counter. station: the agent by itself. server: what the server decided, told by a change. */
  readonly who: 'applicant' | 'station' | 'server';
  readonly to: Readonly<Record<RecordState, NextState | null>>;
  /** Only with one of these lights; `none`: a record that has no light, for its kind needs no check. */
  readonly lights?: readonly (LightColour | 'none')[];
  /** Where a station's log has one line for it; an event without one is logged as whoever causes it says. */
  readonly line?: LogLineKey;
  readonly fallsAway: readonly FallsAway[];
}

/** Written in the order of the states: draft, saved, submitted, stored, rejected, superseded. */
const from = (
  ...[draft, saved, submitted, stored, rejected, superseded]: readonly [
    NextState | null,
    NextState | null,
    NextState | null,
    NextState | null,
    NextState | null,
    NextState | null,
  ]
): EventRule['to'] => ({ draft, saved, submitted, stored, rejected, superseded });

const content: readonly FallsAway[] = ['light', 'rejection', 'record-seal'];
const contentOfMaterial: readonly FallsAway[] = [...content, 'material-seal', 'material-check'];

// prettier-ignore
export const lifecycle = {
  /** Form or attachments changed; the materials' own seals stand, for they never covered those. */
  edit:            { who: 'applicant', to: from('draft', 'draft', null, null, 'draft', null), fallsAway: content },
  'edit-material': { who: 'applicant', to: from('draft', 'draft', null, null, 'draft', null), fallsAway: contentOfMaterial },
  /** The company comes under a new name: what it still edits goes under that, and seals that say the old one go. */
  rename:          { who: 'applicant', to: from('draft', 'saved', null, null, 'rejected', null), fallsAway: ['all-material-seals'] },
  /** A seal takes an older check along: the check is made on what is sealed. */
  seal:            { who: 'applicant', to: from('draft', 'draft', null, null, 'draft', null), fallsAway: contentOfMaterial },
  /** Green or yellow. */
  'pass-check':    { who: 'station',   to: from('saved', 'saved', null, null, 'saved', null), line: 'checked', fallsAway: ['light'] },
  /** Red is neither saved nor submitted (LNC-136). */
  'fail-check':    { who: 'station',   to: from('draft', 'draft', null, null, 'draft', null), line: 'checked', fallsAway: ['light'] },
  /** A refused record may go again as it is: the server may have lacked something that it has by now. */
  submit:          { who: 'applicant', to: from('submitted', 'submitted', null, null, 'submitted', null), line: 'submitted', fallsAway: ['rejection', 'return'] },
  /** 推送 follows 提交 (LNC-199); while there is no connection it waits in the queue behind the submission. */
  push:            { who: 'applicant', to: from(null, null, 'submitted', 'stored', null, null), line: 'pushed', fallsAway: [] },
  store:           { who: 'server',    to: from(null, null, 'stored', null, null, null), line: 'stored', fallsAway: ['rejection', 'return', 'credential'] },
  reject:          { who: 'server',    to: from(null, null, 'rejected', null, null, null), line: 'rejected', fallsAway: [] },
  /** 退回补正: a department gives it back with a reason; it keeps its unique code, is corrected and handed in again. */
  return:          { who: 'server',    to: from(null, null, null, 'rejected', 'rejected', null), line: 'returned', fallsAway: [] },
  /** It stays visible for ever, and stands no more. */
  supersede:       { who: 'server',    to: from(null, null, null, 'superseded', null, null), line: 'superseded', fallsAway: [] },
  /** Decisions on pushes, changed lights, codes: whatever became of the record meanwhile, it is told. */
  note:            { who: 'server',    to: from('draft', 'saved', 'submitted', 'stored', 'rejected', 'superseded'), fallsAway: [] },
  /** 补充完善: a further record of this one's content may be begun, all but its key fields open (LNC-185). */
  supplement:      { who: 'applicant', to: from(null, null, null, 'stored', null, null), lights: ['yellow', 'none'], fallsAway: [] },
  /** 修改 of a kind that offers it: a further record of this one's content, papers and all, whatever its light. */
  revise:          { who: 'applicant', to: from(null, null, null, 'stored', null, null), fallsAway: [] },
  /** A green record is entered anew (LNC-186). */
  renew:           { who: 'applicant', to: from(null, null, null, 'stored', null, null), lights: ['green'], fallsAway: [] },
  /** Only what never left the station. */
  delete:          { who: 'applicant', to: from('deleted', 'deleted', null, null, null, null), fallsAway: [] },
} as const satisfies Record<string, EventRule>;

export type RecordEvent = keyof typeof lifecycle;
export const recordEvents = Object.keys(lifecycle) as readonly RecordEvent[];

const ruleOf = (event: RecordEvent): EventRule => lifecycle[event];

/** Where the event leads; undefined where it is not allowed. */
export function nextState(state: RecordState, event: RecordEvent): NextState | undefined {
  return ruleOf(event).to[state] ?? undefined;
}

/** The same for a caller who knows that the move is there. Throws a TypeError where it is not. */
export function stateAfter(state: RecordState, event: RecordEvent): RecordState {
  const next = nextState(state, event);
  if (next === undefined || next === 'deleted') throw new TypeError(`no move: ${event} from ${state}`);
  return next;
}

/** Whether the event may happen to the record: by its state, and by its light where the event asks for one. */
export function allows(record: Pick<LudengRecord, 'state' | 'light'>, event: RecordEvent): boolean {
  const { lights } = ruleOf(event);
  return (
    nextState(record.state, event) !== undefined &&
    (lights === undefined || lights.includes(record.light ?? 'none'))
  );
}

/** The states in which the event may happen, in the order of a life. */
export function statesThatAllow(event: RecordEvent): RecordState[] {
  return (Object.keys(ruleOf(event).to) as RecordState[]).filter(
    (state) => nextState(state, event) !== undefined,
  );
}

export interface Occasion {
  at: string;
  /** Who is named in the log; absent: nothing is logged. */
  by?: string | undefined;
  /** The log's words: the programme's. Left out, the standard ones. */
  lines?: LogLines | undefined;
  /** Another line than the event's own, as text. */
  action?: string | undefined;
  detail?: string | undefined;
  /** For events of one material. */
  slot?: string | undefined;
}

/**
 * The record after the event: its state, revision, time and log, without what falls away. Only this sets a state.
 * Throws RECORD_NOT_EDITABLE where the table has no such move.
 */
export function applyEvent(record: LudengRecord, event: RecordEvent, occasion: Occasion): LudengRecord {
  const to = allows(record, event) ? nextState(record.state, event) : undefined;
  if (to === undefined || to === 'deleted')
    throw new AppError('RECORD_NOT_EDITABLE', { state: record.state, event });
  const left = withoutWhatFell(record, ruleOf(event).fallsAway, occasion.slot);
  return {
    ...left,
    state: to,
    revision: record.revision + 1,
    updatedAt: occasion.at,
    operations: [...record.operations, ...operationsOf(event, occasion)],
  };
}

function operationsOf(event: RecordEvent, occasion: Occasion): Operation[] {
  const { at, by, lines = standardLogLines, detail } = occasion;
  const { line } = ruleOf(event);
  const action = occasion.action ?? (line === undefined ? undefined : lines[line]);
  if (action === undefined || by === undefined) return [];
  return [{ at, by, action, ...(detail === undefined ? {} : { detail }) }];
}

function withoutWhatFell(
  record: LudengRecord,
  fallsAway: readonly FallsAway[],
  slot: string | undefined,
): LudengRecord {
  const falls = (what: FallsAway): boolean => fallsAway.includes(what);
  const { light, rejection, recordSeal, digitalCertificate, ...rest } = record;
  const refusal = rejection?.code === returnedCode ? 'return' : 'rejection';
  return {
    ...rest,
    ...(light === undefined || falls('light') ? {} : { light }),
    ...(rejection === undefined || falls(refusal) ? {} : { rejection }),
    ...(recordSeal === undefined || falls('record-seal') ? {} : { recordSeal }),
    ...(digitalCertificate === undefined || falls('credential') ? {} : { digitalCertificate }),
    materials: record.materials.map((material) => {
      if (falls('all-material-seals')) return unsealed(material, { seal: true, check: true });
      if (material.slot !== slot) return material;
      return unsealed(material, { seal: falls('material-seal'), check: falls('material-check') });
    }),
  };
}

function unsealed(material: Material, gone: { seal: boolean; check: boolean }): Material {
  const { checked, seal, ...rest } = material;
  return {
    ...rest,
    ...(checked === undefined || gone.check ? {} : { checked }),
    ...(seal === undefined || gone.seal ? {} : { seal }),
  };
}

/**
 * The moves for a database that keeps these states alone: from one of them to another along any way through states that it
 * never keeps. A station keeps all; the server keeps no draft, and a refused record comes to it again as a stored one.
 */
export function movesAmong(kept: readonly RecordState[]): { from: RecordState; to: RecordState }[] {
  return kept.flatMap((start) => {
    const reached = new Set<RecordState>();
    const open: RecordState[] = [start];
    const seen = new Set<RecordState>(open);
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      for (const event of recordEvents) {
        const next = nextState(state, event);
        if (next === undefined || next === 'deleted') continue;
        if (kept.includes(next)) reached.add(next);
        else if (!seen.has(next)) {
          seen.add(next);
          open.push(next);
        }
      }
    }
    return [...reached].filter((to) => to !== start).map((to) => ({ from: start, to }));
  });
}

/** Every state, in the order of a life. */
export const recordStates = Object.keys(lifecycle.note.to) as readonly RecordState[];
/** What the server has of a record. */
export const statesAtServer = ['stored', 'rejected', 'superseded'] as const satisfies readonly RecordState[];
