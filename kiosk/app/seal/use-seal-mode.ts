/** 签章模式: how the place of the seal is found. */
import { ref, shallowRef } from 'vue';
import type { SealPlaces } from '#domain/contracts/kiosk/seal.ts';
import { useAgent } from '../agent/provide-agent.ts';
import { useAsyncAction } from '../agent/use-async-action.ts';
import type { DrawnPage, SealPoint } from './seal-point.ts';

/** corner: at the end, bottom right. hand: where the preview is touched. keyword: beside 盖章处 and the like. */
export const sealModes = ['corner', 'hand', 'keyword'] as const;
export type SealMode = (typeof sealModes)[number];

/** From the page's edge to the seal's centre, until it is moved. */
const fromEdgeMm = 32;

export function useSealMode(options: {
  of: () => { id: string; slot: string };
  /** The page that is seen. */
  seen: () => { page: number; size: DrawnPage | undefined };
}) {
  const agent = useAgent();
  const { trouble, isBusy, attempt, clear } = useAsyncAction();
  const mode = ref<SealMode>('corner');
  const point = ref<SealPoint | undefined>();
  const found = shallowRef<SealPlaces['places'] | undefined>();

  async function choose(next: SealMode): Promise<void> {
    clear();
    mode.value = next;
    point.value = undefined;
    if (next === 'hand') point.value = startOfHand();
    if (next !== 'keyword') return;
    found.value ??= (await attempt(() => agent.sealPlaces(options.of())))?.places;
    if (mode.value === 'keyword') point.value = found.value?.[0];
  }
  function startOfHand(): SealPoint | undefined {
    const { page, size } = options.seen();
    return size && { page, xMm: size.widthMm - fromEdgeMm, yMm: size.heightMm - fromEdgeMm };
  }
  const next = (): Promise<void> =>
    choose(sealModes[(sealModes.indexOf(mode.value) + 1) % sealModes.length] ?? 'corner');
  /** A touch of the preview, or one of the places found. */
  function place(at: SealPoint): void {
    point.value = at;
    if (!found.value?.includes(at as SealPlaces['places'][number])) mode.value = 'hand';
  }
  function reset(): void {
    clear();
    mode.value = 'corner';
    point.value = undefined;
    found.value = undefined;
  }
  return { mode, point, found, isBusy, trouble, choose, next, place, reset };
}
export type SealModeChoice = ReturnType<typeof useSealMode>;
