import { ref, shallowRef } from 'vue';
import type { Point } from '#domain/reading/schema.ts';
import { dragCorner, isBigEnough, moveRect, rectBetween } from './mark-geometry.ts';
import type { Corner, Rect, Size } from './mark-geometry.ts';
import type { MarkKey, useMarkEditing } from './use-mark-editing.ts';
import type { useZoomPan } from './use-zoom-pan.ts';

type Drag =
  | { kind: 'draw'; from: Point }
  | { kind: 'move'; key: MarkKey; from: Point; rect: Rect }
  | { kind: 'corner'; key: MarkKey; corner: Corner; rect: Rect }
  | { kind: 'pan'; at: Point };

/** Screen pixels: a press that stays within them is a choice and no drag; fingers tremble more than mice. */
const still = { mouse: 3, pen: 5, touch: 10 };

/** Mouse, pen and fingers on the picture: one draws, moves or pans; two zoom, wherever they stand. */
export function useMarkPointer(options: {
  zoom: ReturnType<typeof useZoomPan>;
  editing: ReturnType<typeof useMarkEditing>;
  page: () => Size;
  pageIndex: () => number;
  /** The field that a drag on the empty picture draws for; undefined: the drag pans. */
  drawFor: () => string | undefined;
  readonly: () => boolean;
}) {
  const { zoom, editing } = options;
  const pointers = new Map<number, Point>();
  let drag: Drag | undefined;
  /** Where the press of a drag began that has not gone far enough yet. */
  let waiting: Point | undefined;
  /** The rectangle while it is dragged; the marks change once, at the end. */
  const draft = shallowRef<Rect | undefined>();
  const draftKey = ref<MarkKey | undefined>();

  function start(event: PointerEvent, what: Drag): void {
    if (event.button !== 0) return;
    capture(event);
    drag = what;
    waiting = zoom.toWindow(event);
  }
  /** Notes the pointer; with the second one a drag ends and zooming begins. */
  function isFirst(event: PointerEvent): boolean {
    pointers.set(event.pointerId, zoom.toWindow(event));
    if (pointers.size === 1) return true;
    cancelDrag();
    capture(event);
    return false;
  }
  function downOnPicture(event: PointerEvent): void {
    if (!isFirst(event)) return;
    const field = options.drawFor();
    if (field === undefined || options.readonly()) {
      start(event, { kind: 'pan', at: zoom.toWindow(event) });
      return;
    }
    start(event, { kind: 'draw', from: zoom.pointOnPage(event) });
  }
  function downOnMark(event: PointerEvent, key: MarkKey): void {
    editing.selected.value = key;
    const rect = editing.rectAt(key);
    if (options.readonly() || !rect) return;
    event.stopPropagation();
    if (!isFirst(event)) return;
    draftKey.value = key;
    start(event, { kind: 'move', key, from: zoom.pointOnPage(event), rect });
  }
  function downOnCorner(event: PointerEvent, key: MarkKey, corner: Corner): void {
    const rect = editing.rectAt(key);
    if (options.readonly() || !rect) return;
    event.stopPropagation();
    if (!isFirst(event)) return;
    draftKey.value = key;
    start(event, { kind: 'corner', key, corner, rect });
  }

  function move(event: PointerEvent): void {
    const now = zoom.toWindow(event);
    const before = pointers.get(event.pointerId);
    if (pointers.size >= 2 && before) {
      pinch(event.pointerId, before, now);
      return;
    }
    if (before) pointers.set(event.pointerId, now);
    if (!drag) return;
    if (waiting && Math.hypot(now[0] - waiting[0], now[1] - waiting[1]) < stillFor(event)) return;
    waiting = undefined;
    const at = zoom.pointOnPage(event);
    switch (drag.kind) {
      case 'pan':
        zoom.panBy(now[0] - drag.at[0], now[1] - drag.at[1]);
        drag = { kind: 'pan', at: now };
        return;
      case 'draw':
        draft.value = dragCorner(rectBetween(drag.from, drag.from), 2, at, options.page());
        return;
      case 'move':
        draft.value = moveRect(drag.rect, [at[0] - drag.from[0], at[1] - drag.from[1]], options.page());
        return;
      case 'corner':
        draft.value = dragCorner(drag.rect, drag.corner, at, options.page());
    }
  }
  function pinch(id: number, before: Point, now: Point): void {
    const other = [...pointers].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
    const is = Math.hypot(now[0] - other[0], now[1] - other[1]);
    pointers.set(id, now);
    if (was > 0) zoom.zoomBy(is / was, [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
    zoom.panBy((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  }

  function up(event: PointerEvent): void {
    pointers.delete(event.pointerId);
    const rect = draft.value;
    const done = drag;
    cancelDrag();
    if (!done || !rect || !isBigEnough(rect)) return;
    const field = options.drawFor();
    if (done.kind === 'draw' && field !== undefined) editing.add(field, options.pageIndex(), rect);
    if (done.kind === 'move' || done.kind === 'corner') editing.replace(done.key, rect);
  }
  function cancelDrag(): void {
    drag = undefined;
    waiting = undefined;
    draft.value = undefined;
    draftKey.value = undefined;
  }
  function cancel(event: PointerEvent): void {
    pointers.delete(event.pointerId);
    cancelDrag();
  }

  return { draft, draftKey, downOnPicture, downOnMark, downOnCorner, move, up, cancel };
}

function capture(event: PointerEvent): void {
  (event.currentTarget as Element | null)?.setPointerCapture?.(event.pointerId);
}

function stillFor({ pointerType }: PointerEvent): number {
  return pointerType === 'touch' || pointerType === 'pen' ? still[pointerType] : still.mouse;
}
