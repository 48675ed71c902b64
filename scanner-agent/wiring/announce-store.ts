import { holderOf } from '#domain/record/form-subject.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { OutboxItemState, StationStore } from '../ports/store.ts';
import type { Events } from '../services/events.ts';
import type { Sessions } from '../services/login/session.ts';
import type { Link } from '../ports/link.ts';

/** What changes in the store and on the connection is told to the page of whom it concerns. */
export function announceStore(
  opened: AsyncDisposableStack,
  parts: {
    store: Pick<StationStore, 'subscribe' | 'getRecord'>;
    link: Pick<Link, 'onState'>;
    events: Events;
    sessions: Pick<Sessions, 'current'>;
  },
): void {
  const { store, link, events, sessions } = parts;
  opened.defer(
    store.subscribe((event) => {
      if (event.type === 'record') events.announce(event, holderOf(event.record).creditCode);
      // asked for somebody who listens alone: a queue of pages must not open its record at each of them
      if (event.type !== 'outbox' || !sessions.current()) return;
      const { recordId, state, blobsDone, blobsTotal } = event.item;
      events.announce(
        { type: 'upload', recordId, state: uploadStateOf(state), blobsDone, blobsTotal },
        holderCode(store.getRecord(recordId)),
      );
    }),
  );
  opened.defer(link.onState((line) => events.announce({ type: 'line', line })));
}

const holderCode = (record: LudengRecord | undefined): string => (record ? holderOf(record).creditCode : '');

function uploadStateOf(state: OutboxItemState): 'waiting' | 'sending' | 'received' | 'parked' {
  switch (state) {
    case 'ready':
      return 'waiting';
    case 'uploading':
    case 'committing':
      return 'sending';
    case 'accepted':
    case 'purged':
      return 'received';
    case 'rejected':
    case 'parked':
      return 'parked';
  }
}
