import { computed } from 'vue';
import { useStation } from '../stores/station.ts';

/** The sections of the programme that the chosen 登录主体 sees. */
export function useSections() {
  const station = useStation();
  return computed(() =>
    (station.programme?.sections ?? []).filter(
      ({ roles }) => roles.length === 0 || roles.includes(station.session?.role ?? ''),
    ),
  );
}
