import { onBeforeUnmount, onMounted } from 'vue';
import { useAskState } from '#ui/ask/use-ask.ts';

/** Keys of the page, by `event.key` (letters in lower case). Not while somebody types, nor under a question or a dialog. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const asking = useAskState();
  function press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (asking.question || document.querySelector('dialog[open]') || isTyping(event.target)) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
  onMounted(() => window.addEventListener('keydown', press));
  onBeforeUnmount(() => window.removeEventListener('keydown', press));
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}
