import { ref } from 'vue';

interface Parsed {
  error?: { issues: readonly { path: readonly PropertyKey[] }[] } | undefined;
}

/** Which fields of a form its schema refuses; said only once somebody has tried to send it. */
export function useFaults(parsed: () => Parsed) {
  const hasTried = ref(false);
  const isFaulty = (key: string): boolean =>
    hasTried.value && (parsed().error?.issues.some(({ path }) => path[0] === key) ?? false);
  return { hasTried, isFaulty };
}
