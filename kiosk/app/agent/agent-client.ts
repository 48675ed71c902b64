/** Every call to the agent, once; answers are parsed with the contract's schemas. */
import type { z } from 'zod';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import type { Marks, Quad } from '#domain/reading/schema.ts';
import type { LudengRecord, Values } from '#domain/record/schema.ts';
import { AgentUnreachable, failureOf } from './agent-failure.ts';
import type { Access } from './access.ts';

type Route = (typeof agentRoutes)[keyof typeof agentRoutes];
const defaultTimeoutMs = 20_000;

interface CallOptions {
  params?: Record<string, string | number>;
  query?: Record<string, string>;
  body?: unknown;
  file?: Blob;
  signal?: AbortSignal;
  timeoutMs?: number;
}
/** A place in a record that an edit changes, with the revision it saw. */
export interface EditOf {
  record: LudengRecord;
  slot: string;
}

export type AgentClient = ReturnType<typeof createAgentClient>;

export function createAgentClient(options: { access: Access; fetch: typeof fetch }) {
  const { access } = options;

  async function send(route: Route, call: CallOptions = {}): Promise<Response> {
    const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(String(call.params?.[name] ?? '')),
    );
    const query = call.query ? `?${new URLSearchParams(call.query)}` : '';
    const timeout = AbortSignal.timeout(call.timeoutMs ?? defaultTimeoutMs);
    const headers: Record<string, string> = {};
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    if (call.file) headers['content-type'] = call.file.type || 'application/octet-stream';
    let response: Response;
    try {
      response = await options.fetch(`${access.agentUrl}${path}${query}`, {
        method: route.method,
        headers,
        body: call.file ?? (call.body === undefined ? null : JSON.stringify(call.body)),
        signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
      });
    } catch (error) {
      if (call.signal?.aborted) throw error;
      throw new AgentUnreachable({ cause: error });
    }
    if (!response.ok) throw await failureOf(response);
    return response;
  }
  async function ask<S extends z.ZodType>(
    route: Route & { response: S },
    call?: CallOptions,
  ): Promise<z.infer<S>> {
    const response = await send(route, call);
    return route.response.parse(await response.json());
  }
  const at = ({ record, slot }: EditOf) => ({ id: record.id, slot });
  const routes = agentRoutes;

  return {
    access,
    station: () => ask(routes.station),
    /** Served by our own agent, which checked it when it started. */
    catalogue: async () => (await ask(routes.catalogue)) as Catalogue,
    testDevice: (body: { id: string; pin?: string }, signal?: AbortSignal) =>
      ask(routes.testDevice, { body, timeoutMs: 45_000, ...(signal ? { signal } : {}) }),
    tokens: (signal?: AbortSignal) => ask(routes.tokens, signal ? { signal } : {}),
    login: (body: { tokenId: string; certificateId: string; pin: string }) =>
      ask(routes.login, { body, timeoutMs: 60_000 }),
    chooseRole: (role: string) => ask(routes.role, { body: { role } }),
    logout: () => ask(routes.logout),
    records: () => ask(routes.records),
    createRecord: (body: { kind: string; answers: Values; supersedes?: string }) =>
      ask(routes.createRecord, { body }),
    record: (id: string) => ask(routes.record, { params: { id } }),
    deleteRecord: (id: string) => ask(routes.deleteRecord, { params: { id } }),
    editForm: (record: LudengRecord, form: Values) =>
      ask(routes.editForm, { params: { id: record.id }, body: { revision: record.revision, form } }),
    editValues: (of: EditOf, change: { values: Values; mode?: 'smart' | 'manual'; confirmed?: boolean }) =>
      ask(routes.editValues, { params: at(of), body: { revision: of.record.revision, ...change } }),
    editMarks: (of: EditOf, marks: Marks) =>
      ask(routes.editMarks, { params: at(of), body: { revision: of.record.revision, marks } }),
    capture: (of: EditOf, file: Blob, query: Record<string, string>) =>
      ask(routes.capture, { params: at(of), file, query, timeoutMs: 120_000 }),
    editPages: (
      of: EditOf,
      change: { order: number[]; rotate: { page: number; degrees: 90 | 180 | 270 }[] },
    ) => ask(routes.editPages, { params: at(of), body: { revision: of.record.revision, ...change } }),
    setCorners: (of: EditOf, page: number, corners: Quad) =>
      ask(routes.corners, {
        params: { ...at(of), page },
        body: { revision: of.record.revision, corners },
      }),
    readCard: (of: EditOf) => ask(routes.readCard, { params: at(of) }),
    cancelJob: (id: string) => ask(routes.cancelJob, { params: { id } }),
    job: (id: string) => ask(routes.job, { params: { id } }),
    seal: (of: EditOf, choice: Omit<z.input<typeof routes.seal.request>, 'revision'>) =>
      ask(routes.seal, { params: at(of), body: { revision: of.record.revision, ...choice } }),
    sealBatch: (body: z.input<typeof routes.sealBatch.request>) => ask(routes.sealBatch, { body }),
    sealPlaces: (of: { id: string; slot: string }) =>
      ask(routes.sealPlaces, { params: of, timeoutMs: 180_000 }),
    changePin: (body: z.input<typeof routes.changePin.request>) =>
      ask(routes.changePin, { body, timeoutMs: 60_000 }),
    check: (of: EditOf) => ask(routes.save, { params: at(of), body: { revision: of.record.revision } }),
    submit: (record: LudengRecord, key?: z.input<typeof routes.submit.request>['key']) =>
      ask(routes.submit, {
        params: { id: record.id },
        body: { revision: record.revision, ...(key ? { key } : {}) },
        timeoutMs: 60_000,
      }),
    push: (id: string, field: string) => ask(routes.push, { params: { id }, body: { field } }),
    page: async (of: { id: string; slot: string; page: number; width?: number }) =>
      (await send(routes.page, { params: of, query: of.width ? { width: String(of.width) } : {} })).blob(),
    crop: async (of: { id: string; slot: string; field: string }) =>
      (await send(routes.crop, { params: of })).blob(),
    pageOriginal: async (of: { id: string; slot: string; page: number }) =>
      (await send(routes.pageOriginal, { params: of })).blob(),
    separator: async () => (await send(routes.separator, { timeoutMs: 30_000 })).blob(),
    pdf: async (of: { id: string; slot: string }) =>
      (await send(routes.pdf, { params: of, timeoutMs: 60_000 })).arrayBuffer(),
    frame: (file: Blob, signal: AbortSignal) => ask(routes.frame, { file, signal, timeoutMs: 4_000 }),
    camera: (body: z.input<typeof routes.camera.request>) => ask(routes.camera, { body }),
    scanners: () => ask(routes.scanners),
    findScanners: () => ask(routes.findScanners, { timeoutMs: 90_000 }),
    batches: () => ask(routes.batches),
    createBatch: () => ask(routes.createBatch),
    batch: (batch: string) => ask(routes.batch, { params: { batch } }),
    deleteBatch: (batch: string) => ask(routes.deleteBatch, { params: { batch }, timeoutMs: 60_000 }),
    scanBatch: (batch: string, body: z.infer<typeof routes.scanBatch.request>) =>
      ask(routes.scanBatch, { params: { batch }, body }),
    stopScan: (batch: string) => ask(routes.stopScan, { params: { batch }, timeoutMs: 60_000 }),
    dismissRefused: (of: { batch: string; sheet: string }) => ask(routes.dismissRefused, { params: of }),
    addToBatch: (batch: string, file: Blob) =>
      ask(routes.addToBatch, { params: { batch }, file, timeoutMs: 600_000 }),
    arrangeBatch: (of: { id: string; revision: number }, documents: { id: string; pages: string[] }[]) =>
      ask(routes.arrangeBatch, { params: { batch: of.id }, body: { revision: of.revision, documents } }),
    turnBatchPage: (batch: string, page: string, degrees: 90 | 180 | 270) =>
      ask(routes.turnBatchPage, { params: { batch, page }, body: { degrees } }),
    placeDocument: (
      of: { batch: string; document: string },
      body: z.infer<typeof routes.placeDocument.request>,
    ) => ask(routes.placeDocument, { params: of, body }),
    batchPage: async (of: { batch: string; page: string; width: number }) =>
      (await send(routes.batchPage, { params: of, query: { width: String(of.width) } })).blob(),
    eventsUrl: () => `${access.agentUrl}${routes.events.path}`,
  };
}
