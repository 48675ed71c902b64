import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { ShownError } from '#ui/client/failure.ts';
import { useAgent } from './provide-agent.ts';
import { errorOf } from './use-async-action.ts';

/** The cut of a field's marks, as the last check saw them. */
export interface CropOf {
  readonly id: string;
  readonly slot: string;
  readonly field: string;
  readonly sha: string;
}

export interface PictureOf {
  readonly id: string;
  readonly slot: string;
  readonly page: number;
  /** Names the content, so that a rotated page is fetched again. */
  readonly sha: string;
  readonly width?: number;
  readonly original?: boolean;
}

/** A page's picture as an object URL (an <img> cannot send the token); the last one asked for wins. */
export function usePagePicture(of: () => PictureOf | undefined) {
  const agent = useAgent();
  return useFetched(of, (picture) => (picture.original ? agent.pageOriginal(picture) : agent.page(picture)));
}

export function useCropPicture(of: () => CropOf | undefined) {
  const agent = useAgent();
  return useFetched(of, (crop) => agent.crop(crop));
}

/** A file of a record; its hash names the content. */
export function useAttachedPicture(of: () => { id: string; attachment: string; sha: string; mime: string }) {
  const agent = useAgent();
  return useFetched(of, async ({ id, attachment, sha, mime }) => {
    const bytes = await agent.attachment({ id, attachment, sha });
    return new Blob([bytes], { type: mime });
  });
}

export interface BatchPictureOf {
  readonly batch: string;
  readonly page: string;
  /** Names the content, so that a turned page is fetched again. */
  readonly sha: string;
  readonly width: number;
}

export function useBatchPicture(of: () => BatchPictureOf | undefined) {
  const agent = useAgent();
  return useFetched(of, (picture) => agent.batchPage(picture));
}

function useFetched<Of>(of: () => Of | undefined, fetchPicture: (of: Of) => Promise<Blob>) {
  const src = ref<string | undefined>();
  const isMissing = ref(false);
  const trouble = shallowRef<ShownError>();
  let asked = 0;

  async function load(picture: Of): Promise<void> {
    const turn = ++asked;
    trouble.value = undefined;
    try {
      const blob = await fetchPicture(picture);
      if (turn !== asked) return;
      release();
      src.value = URL.createObjectURL(blob);
      isMissing.value = false;
    } catch (error) {
      if (turn !== asked) return;
      isMissing.value = true;
      trouble.value = errorOf(error);
    }
  }
  function release(): void {
    if (src.value) URL.revokeObjectURL(src.value);
    src.value = undefined;
  }

  function retry(): void {
    const picture = of();
    if (picture) void load(picture);
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
  return { src, isMissing, trouble, retry };
}
