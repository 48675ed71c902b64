import { computed, onBeforeUnmount, onMounted, ref } from 'vue';
import { useAgent } from '../agent/provide-agent.ts';
import { useStation } from '../stores/station.ts';

const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
/** The agent counts its own idle time by requests: who reads or draws without any must not be thrown out. */
const tellAgentEveryMs = 20_000;

/** Counts the time since the last touch; `isWarning` when the end is near. */
export function useIdle(options: { onEnd: () => void }) {
  const agent = useAgent();
  const station = useStation();
  const now = ref(Date.now());
  const lastTouch = ref(Date.now());
  let toldAt = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;

  const idle = computed(() => station.station?.idle ?? { endAfterMs: 300_000, warnBeforeMs: 30_000 });
  const leftMs = computed(() => lastTouch.value + idle.value.endAfterMs - now.value);
  const isWarning = computed(() => leftMs.value <= idle.value.warnBeforeMs);
  const secondsLeft = computed(() => Math.max(0, Math.ceil(leftMs.value / 1000)));

  function touch(): void {
    // While the warning stands, a press must be on one of its buttons, or a stray touch would hide it unread.
    if (!isWarning.value) note();
  }
  function note(): void {
    lastTouch.value = Date.now();
    now.value = lastTouch.value;
    if (lastTouch.value - toldAt < tellAgentEveryMs) return;
    toldAt = lastTouch.value;
    void agent.station().catch(() => undefined);
  }
  function stay(): void {
    toldAt = 0;
    note();
  }
  onMounted(() => {
    for (const sign of signs) window.addEventListener(sign, touch, { passive: true, capture: true });
    timer = setInterval(() => {
      now.value = Date.now();
      if (leftMs.value <= 0) options.onEnd();
    }, 500);
  });
  onBeforeUnmount(() => {
    for (const sign of signs) window.removeEventListener(sign, touch, { capture: true });
    clearInterval(timer);
  });

  return { secondsLeft, isWarning, stay };
}
