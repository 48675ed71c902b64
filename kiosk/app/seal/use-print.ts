import { nextTick, ref } from 'vue';
import { useAsyncAction } from '../agent/use-async-action.ts';
import { useSheets } from './use-sheets.ts';

/** A4 at 200 dots per inch. */
const paperHeightPx = 2339;

/** 打印: the pages as they are in the file, by the printer's dialog of the system. `sheets` go into OnPaper. */
export function usePrint() {
  const { sheets, pageCount, load, clear } = useSheets();
  const { trouble, attempt } = useAsyncAction();
  const isPreparing = ref(false);

  async function print(of: { id: string; slot: string }): Promise<void> {
    isPreparing.value = true;
    try {
      await attempt(async () => {
        if (!(await load(of, paperHeightPx))) return;
        await nextTick();
        // what is not decoded yet would be printed as an empty sheet
        await Promise.all(
          [...document.querySelectorAll<HTMLImageElement>('.on-paper img')].map((one) => one.decode()),
        );
        window.print();
      });
    } finally {
      isPreparing.value = false;
    }
  }
  return { sheets, pageCount, isPreparing, trouble, print, clear };
}
