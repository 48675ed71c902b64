import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { OverruleRequest } from '#domain/contracts/desk/cases.ts';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import type { CaseEvent } from './case-event.ts';
import { useServer } from '../server/provide-server.ts';
import { isFailure } from '#ui/client/failure.ts';
import { errorOf } from '../server/server-failure.ts';
import type { ShownError } from '#ui/client/failure.ts';

export type Decided = 'done' | 'taken-by-other';

/** The case on the screen. */
export const useOpenCase = defineStore('open-case', () => {
  const server = useServer();
  const detail = shallowRef<CaseDetail | undefined>();
  const trouble = shallowRef<ShownError | undefined>();
  const isLoading = ref(false);
  /** Somebody else decided the case while it was open here. */
  const wasTaken = ref(false);
  /** The case looked at last, open or not: the list puts the focus there again. */
  const lastId = ref<string | undefined>();
  let openId: string | undefined;
  let isDeciding = false;

  async function open(id: string): Promise<void> {
    openId = id;
    lastId.value = id;
    detail.value = undefined;
    wasTaken.value = false;
    await reload();
  }
  async function reload(): Promise<void> {
    const id = openId;
    if (id === undefined) return;
    isLoading.value = true;
    try {
      const next = await server.case(id);
      if (id !== openId) return;
      if (detail.value && detail.value.case.decisions.length < next.case.decisions.length && !isDeciding)
        wasTaken.value = true;
      detail.value = next;
      trouble.value = undefined;
    } catch (error) {
      if (id === openId) trouble.value = errorOf(error);
    } finally {
      if (id === openId) isLoading.value = false;
    }
  }
  /** Throws what the server says, but for a case that somebody else decided first: that one is shown as it is now. */
  async function decide(request: { step: string; decision: string; opinion: string }): Promise<Decided> {
    const id = openId;
    if (id === undefined) throw new Error('no case is open');
    isDeciding = true;
    try {
      const next = await server.decide(id, request);
      if (id === openId) detail.value = next;
      return 'done';
    } catch (error) {
      if (!isFailure(error, 'CASE_CLOSED')) throw error;
      wasTaken.value = true;
      await reload();
      return 'taken-by-other';
    } finally {
      isDeciding = false;
    }
  }
  /** 认领, 释放. Throws what the server says; whoever came second sees the case as it is now. */
  async function hold(what: 'claim' | 'release', step: string): Promise<void> {
    const id = openId;
    if (id === undefined) throw new Error('no case is open');
    try {
      const next = await server[what](id, step);
      if (id === openId) detail.value = next;
    } catch (error) {
      if (isFailure(error, 'CASE_CLAIMED') || isFailure(error, 'CASE_CLOSED')) await reload();
      throw error;
    }
  }
  /** Throws what the server says. */
  async function overrule(request: OverruleRequest): Promise<void> {
    const id = openId;
    if (id === undefined) throw new Error('no case is open');
    const next = await server.overrule(id, request);
    if (id === openId) detail.value = next;
  }
  function take(event: CaseEvent): void {
    if (event.caseId === openId && !isDeciding) void reload();
  }
  /** Leaves the case. */
  function close(): void {
    openId = undefined;
    detail.value = undefined;
    trouble.value = undefined;
    wasTaken.value = false;
  }
  /** Forgets even which case it was. */
  function clear(): void {
    close();
    lastId.value = undefined;
  }
  return {
    detail,
    trouble,
    isLoading,
    wasTaken,
    lastId,
    open,
    reload,
    decide,
    hold,
    overrule,
    take,
    close,
    clear,
  };
});
