import { onScopeDispose, ref, watch } from 'vue';
import { useAgent } from '../agent/provide-agent.ts';

/** A stack page's picture as an object URL; the last one asked for wins. `sha` names the content: a turned page is fetched anew. */
export function useStackPicture(
  of: () => { stack: string; page: string; sha: string; width: number } | undefined,
) {
  const agent = useAgent();
  const src = ref<string | undefined>();
  let asked = 0;

  async function load(picture: { stack: string; page: string; width: number }): Promise<void> {
    const turn = ++asked;
    const blob = await agent.stackPage(picture).catch(() => undefined);
    if (turn !== asked) return;
    release();
    if (blob) src.value = URL.createObjectURL(blob);
  }
  function release(): void {
    if (src.value) URL.revokeObjectURL(src.value);
    src.value = undefined;
  }
  watch(
    () => JSON.stringify(of()),
    () => {
      const picture = of();
      if (picture) void load(picture);
      else release();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    asked += 1;
    release();
  });
  return { src };
}
