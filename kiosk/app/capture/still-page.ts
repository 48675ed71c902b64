/** When to shoot by itself: the page is good and has lain still; and not the same page twice. Pure. */
import type { Quad } from '#domain/reading/schema.ts';

export interface Seen {
  readonly corners?: Quad | undefined;
  readonly hints: readonly string[];
}
export interface StillState {
  readonly corners?: Quad;
  /** Answers in a row in which the page was good and did not move. */
  readonly stillCount: number;
  /** The page that was shot; nothing more is shot until it moves or goes. */
  readonly shot?: Quad;
}

/** Four fifths of a second at fifteen answers a second. */
export const stillCountToShoot = 12;
const maxMovementShare = 0.012;
const newPageShare = 0.08;

export const nothingSeen: StillState = { stillCount: 0 };

/** `widthPx` is that of the frame in which the corners are given. */
export function afterSeen(state: StillState, seen: Seen, widthPx: number): StillState {
  const { corners } = seen;
  const shot =
    state.shot && corners && movement(state.shot, corners) < newPageShare * widthPx ? state.shot : undefined;
  const kept = shot ? { shot } : {};
  if (!corners || seen.hints.length > 0) return { stillCount: 0, ...kept };
  const isStill = state.corners && movement(state.corners, corners) < maxMovementShare * widthPx;
  return { corners, stillCount: isStill ? state.stillCount + 1 : 1, ...kept };
}

export function mustShoot(state: StillState): boolean {
  return state.shot === undefined && state.stillCount >= stillCountToShoot;
}

export function afterShot(state: StillState): StillState {
  return { stillCount: 0, ...(state.corners ? { corners: state.corners, shot: state.corners } : {}) };
}

/** The farthest that any corner went, in pixels. */
function movement(a: Quad, b: Quad): number {
  return Math.max(
    ...a.map(([x, y], index) => Math.hypot(x - (b[index]?.[0] ?? 0), y - (b[index]?.[1] ?? 0))),
  );
}
