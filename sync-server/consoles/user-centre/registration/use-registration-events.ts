import { onScopeDispose, ref } from 'vue';
import { registrationRoutes } from '#domain/contracts/public/registration.ts';
import { address } from '../../client/server-client.ts';

/** The server tells when the registration goes on; the browser connects again by itself, and looks then too. */
export function useRegistrationEvents({ onChanged }: { onChanged: () => void }) {
  const isLive = ref(false);
  const source = new EventSource(address(registrationRoutes.registrationEvents));
  source.addEventListener('open', () => {
    isLive.value = true;
    onChanged();
  });
  source.addEventListener('registration-changed', onChanged);
  source.addEventListener('error', () => (isLive.value = false));
  onScopeDispose(() => source.close());
  return { isLive };
}
