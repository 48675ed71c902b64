import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { getProgramme } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { AgentEvent } from '#domain/contracts/kiosk/events.ts';
import type { Session } from '#domain/contracts/kiosk/session.ts';
import type { Station } from '#domain/contracts/kiosk/station.ts';
import type { WireError } from '#domain/errors/app-error.ts';
import { RequestFailure } from '#ui/client/failure.ts';
import { useAgent } from '../agent/provide-agent.ts';

export type EndReason = Extract<AgentEvent, { type: 'session-ended' }>['reason'];

/** The station as the agent tells it, the catalogue it works by, and who is logged in. */
export const useStation = defineStore('station', () => {
  const agent = useAgent();
  const station = shallowRef<Station | undefined>();
  const catalogue = shallowRef<Catalogue | undefined>();
  const isReachable = ref(true);
  /** It answers, and does not know this page: the address was used before, or the agent was started anew. */
  const isNotOpened = ref(false);
  const endedBecause = ref<EndReason | undefined>();
  /** Why the server refused who was logged in last. */
  const refusal = shallowRef<WireError | undefined>();
  /** Of who was logged in last. */
  const draftsKeptUntil = ref<string | undefined>();

  const session = computed(() => station.value?.session);
  /** What may be chosen on the first page. */
  const offered = computed(() => {
    const { value: rules } = catalogue;
    return rules ? (station.value?.programmes ?? []).map((id) => getProgramme(rules, id)) : [];
  });
  /** On the first page; forgotten when a session ends, so that whoever comes next chooses for himself. */
  const chosen = ref<string | undefined>();
  /** Undefined while several are offered and nobody has chosen. */
  const programme = computed(() => {
    const [first, ...others] = offered.value;
    const id = session.value?.programme ?? chosen.value ?? (others.length === 0 ? first?.id : undefined);
    return id !== undefined && catalogue.value ? getProgramme(catalogue.value, id) : undefined;
  });
  const roleName = computed(
    () => programme.value?.subjectRoles.find(({ id }) => id === session.value?.role)?.name,
  );

  async function refresh(): Promise<void> {
    try {
      const [now, rules] = await Promise.all([
        agent.station(),
        catalogue.value ? Promise.resolve(catalogue.value) : agent.catalogue(),
      ]);
      catalogue.value =
        rules.hash === now.catalogueHash || rules === catalogue.value ? rules : await agent.catalogue();
      station.value = now;
      isReachable.value = true;
    } catch (error) {
      isReachable.value = false;
      isNotOpened.value = error instanceof RequestFailure && error.wire.code === 'PAGE_NOT_OPENED';
      throw error;
    }
  }
  function setSession(next: Session | undefined): void {
    if (!station.value) return;
    const { session: _, ...rest } = station.value;
    // the next person's come by event
    if (!next) delete rest.subjectRecords;
    station.value = next ? { ...rest, session: next } : rest;
    if (next) endedBecause.value = undefined;
    else chosen.value = undefined;
  }
  function choose(programmeId: string | undefined): void {
    chosen.value = programmeId;
  }
  function setReachable(next: boolean): void {
    isReachable.value = next;
  }
  function take(event: AgentEvent): void {
    if (!station.value) return;
    if (event.type === 'line') station.value = { ...station.value, line: event.line };
    if (event.type === 'subject-records')
      station.value = { ...station.value, subjectRecords: event.subjectRecords };
    if (event.type === 'devices') station.value = { ...station.value, devices: event.devices };
    if (event.type === 'session-ended') {
      setSession(undefined);
      endedBecause.value = event.reason;
      refusal.value = event.error;
      draftsKeptUntil.value = event.draftsKeptUntil;
    }
  }

  return {
    station,
    catalogue,
    offered,
    programme,
    choose,
    session,
    roleName,
    isReachable,
    isNotOpened,
    endedBecause,
    refusal,
    draftsKeptUntil,
    refresh,
    setSession,
    setReachable,
    take,
  };
});
