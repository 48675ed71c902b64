/** Renews what carries `data-live` as soon as something changed; forms and what was typed into them stay. */
const events = new EventSource('/sandbox/events');
let isAsking = false;
let isStale = false;

async function renew() {
  if (isAsking) {
    isStale = true;
    return;
  }
  isAsking = true;
  try {
    do {
      isStale = false;
      const answer = await fetch(location.href);
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of document.querySelectorAll('[data-live]')) {
        const fresh = next.querySelector(`[data-live="${part.getAttribute('data-live')}"]`);
        if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
      }
    } while (isStale);
  } finally {
    isAsking = false;
  }
}
events.addEventListener('change', () => void renew());
// back after the sandbox was gone
events.addEventListener('open', () => void renew());
