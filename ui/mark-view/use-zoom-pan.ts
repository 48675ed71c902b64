import { computed, onBeforeUnmount, onMounted, ref, shallowRef, watch } from 'vue';
import type { Ref } from 'vue';
import type { Point } from '#domain/reading/schema.ts';
import { clamp, fitView, toPage, viewOn, zoomAt } from './mark-geometry.ts';
import type { Rect, Size, View } from './mark-geometry.ts';

/** Screen pixels for one of the page: more shows no more. */
const maxScale = 3;
/** A window that changed this much (full screen and back) is fitted anew. */
const newWindowShare = 0.2;

/** The window onto a page: fits it, zooms about a point, pans; follows the size of its element. */
export function useZoomPan(options: { frame: Readonly<Ref<HTMLElement | null>>; page: () => Size }) {
  const windowSize = shallowRef<Size>({ width: 100, height: 100 });
  const view = shallowRef<View>({ scale: 0.1, x: 0, y: 0 });
  const isFitted = ref(true);
  const fitted = computed(() => fitView(options.page(), windowSize.value));

  function fit(): void {
    view.value = fitted.value;
    isFitted.value = true;
  }
  function zoomTo(scale: number, at?: Point): void {
    const middle: Point = [windowSize.value.width / 2, windowSize.value.height / 2];
    const next = clamp(scale, fitted.value.scale * 0.8, maxScale);
    view.value = zoomAt(view.value, at ?? middle, next);
    isFitted.value = false;
  }
  function zoomBy(factor: number, at?: Point): void {
    zoomTo(view.value.scale * factor, at);
  }
  function panBy(x: number, y: number): void {
    view.value = { ...view.value, x: view.value.x + x, y: view.value.y + y };
    isFitted.value = false;
  }
  function show(rect: Rect): void {
    view.value = viewOn(rect, windowSize.value, fitted.value);
    isFitted.value = false;
  }
  /** Client coordinates to the window's own. */
  function toWindow(event: { clientX: number; clientY: number }): Point {
    const box = options.frame.value?.getBoundingClientRect();
    return [event.clientX - (box?.left ?? 0), event.clientY - (box?.top ?? 0)];
  }
  function pointOnPage(event: { clientX: number; clientY: number }): Point {
    return toPage(view.value, toWindow(event));
  }
  function middleOfView(): Point {
    return toPage(view.value, [windowSize.value.width / 2, windowSize.value.height / 2]);
  }

  const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(() => measure());
  function measure(): void {
    const element = options.frame.value;
    if (!element) return;
    const before = windowSize.value;
    windowSize.value = { width: element.clientWidth, height: element.clientHeight };
    const change = Math.max(
      Math.abs(windowSize.value.width / before.width - 1),
      Math.abs(windowSize.value.height / before.height - 1),
    );
    if (isFitted.value || change > newWindowShare) fit();
  }
  onMounted(() => {
    measure();
    fit();
    if (options.frame.value) observer?.observe(options.frame.value);
  });
  onBeforeUnmount(() => observer?.disconnect());
  watch(options.page, (now, before) => {
    if (now.width !== before.width || now.height !== before.height) fit();
  });

  return {
    view,
    windowSize,
    isFitted,
    fit,
    zoomBy,
    zoomTo,
    panBy,
    show,
    toWindow,
    pointOnPage,
    middleOfView,
  };
}
