/** Every call to the agent, once, as the pages make them. */
import type { Call, KioskPermission, Route } from '#domain/contracts/route.ts';
import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import type { Marks, Quad } from '#domain/reading/schema.ts';
import type { Values } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { createClient } from '#ui/client/create-client.ts';
import { words } from '../locales/zh-CN.ts';
import type { Access } from './access.ts';

/** A place in a record that an edit changes, with the revision it saw. */
export interface EditOf {
  record: LudengRecord;
  slot: string;
}

type BodyOf<R extends Route> = Call<R>['body'];
export type AgentClient = ReturnType<typeof createAgentClient>;

export function createAgentClient(options: { access: Access; fetch: typeof fetch }) {
  const { access } = options;

  const { ask, address } = createClient<KioskPermission>({
    origin: access.agentUrl,
    fetch: options.fetch,
    unexpected: words.trouble.badAnswer,
  });
  const at = ({ record, slot }: EditOf) => ({ id: record.id, slot });
  const routes = agentRoutes;

  return {
    access,
    station: () => ask(routes.station),
    catalogue: () => ask(routes.catalogue),
    testDevice: (body: { id: string; pin?: string }, signal?: AbortSignal) =>
      ask(routes.testDevice, { body, timeoutMs: 45_000, ...(signal ? { signal } : {}) }),
    tokens: (signal?: AbortSignal) => ask(routes.tokens, signal ? { signal } : {}),
    login: (body: { tokenId: string; certificateId: string; pin: string; programme?: string | undefined }) =>
      ask(routes.login, { body, timeoutMs: 60_000 }),
    loginByCard: (programme: string | undefined, signal: AbortSignal) =>
      ask(routes.loginByCard, { body: { programme }, signal, timeoutMs: 90_000 }),
    presentAssistant: (body: BodyOf<typeof routes.presentAssistant>) =>
      ask(routes.presentAssistant, { body, timeoutMs: 60_000 }),
    loginAssisted: (ticket: string, signal: AbortSignal) =>
      ask(routes.loginAssisted, { body: { ticket }, signal, timeoutMs: 90_000 }),
    chooseRole: (role: string) => ask(routes.role, { body: { role } }),
    proveSubject: (pin: string) => ask(routes.proveSubject, { body: { pin }, timeoutMs: 60_000 }),
    logout: () => ask(routes.logout),
    records: () => ask(routes.records),
    createRecord: (body: { kind: string; answers: Values; supersedes?: string; partOf?: string }) =>
      ask(routes.createRecord, { body }),
    record: (id: string) => ask(routes.record, { params: { id } }),
    synchronise: (body: { kind: string; partOf?: string; restored: string[] }) =>
      ask(routes.synchronise, { body }),
    release: (id: string) => ask(routes.release, { params: { id } }),
    openDraft: (code: string) => ask(routes.openDraft, { body: { code }, timeoutMs: 120_000 }),
    readDraftCode: (picture: Blob) => ask(routes.readDraftCode, { body: picture, timeoutMs: 20_000 }),
    giveDraftBack: ({ id, revision }: LudengRecord) =>
      ask(routes.giveDraftBack, { params: { id }, body: { revision }, timeoutMs: 300_000 }),
    deleteRecord: (id: string) => ask(routes.deleteRecord, { params: { id } }),
    editForm: (record: LudengRecord, form: Values) =>
      ask(routes.editForm, { params: { id: record.id }, body: { revision: record.revision, form } }),
    editValues: (of: EditOf, change: { values: Values; mode?: 'smart' | 'manual'; confirmed?: boolean }) =>
      ask(routes.editValues, { params: at(of), body: { revision: of.record.revision, ...change } }),
    enterAnew: (of: EditOf) =>
      ask(routes.enterAnew, { params: at(of), body: { revision: of.record.revision } }),
    editMarks: (of: EditOf, marks: Marks) =>
      ask(routes.editMarks, { params: at(of), body: { revision: of.record.revision, marks } }),
    capture: (of: EditOf, file: Blob, query: Call<typeof routes.capture>['query']) =>
      ask(routes.capture, { params: at(of), body: file, query, timeoutMs: 120_000 }),
    attach: (of: { record: LudengRecord; attachment: string; name: string; file: Blob }) =>
      ask(routes.attach, {
        params: { id: of.record.id, attachment: of.attachment },
        query: { revision: of.record.revision, name: of.name },
        body: of.file,
        timeoutMs: 120_000,
      }),
    removeAttachment: ({ record, ...of }: { record: LudengRecord; attachment: string; sha: string }) =>
      ask(routes.removeAttachment, {
        params: { id: record.id, ...of },
        query: { revision: record.revision },
      }),
    readAttachment: (params: { id: string; attachment: string; sha: string }) =>
      ask(routes.readAttachment, { params }),
    attachment: ({ id, attachment, sha }: { id: string; attachment: string; sha: string }) =>
      ask(routes.attachment, { params: { id, attachment, sha } }),
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
    seal: (of: EditOf, choice: Omit<BodyOf<typeof routes.seal>, 'revision'>) =>
      ask(routes.seal, { params: at(of), body: { revision: of.record.revision, ...choice } }),
    sealBatch: (body: BodyOf<typeof routes.sealBatch>) => ask(routes.sealBatch, { body }),
    sealPlaces: (of: { id: string; slot: string }) =>
      ask(routes.sealPlaces, { params: of, timeoutMs: 180_000 }),
    changePin: (body: BodyOf<typeof routes.changePin>) => ask(routes.changePin, { body, timeoutMs: 60_000 }),
    check: (of: EditOf) => ask(routes.save, { params: at(of), body: { revision: of.record.revision } }),
    submit: (record: LudengRecord, key?: BodyOf<typeof routes.submit>['key']) =>
      ask(routes.submit, {
        params: { id: record.id },
        body: { revision: record.revision, ...(key ? { key } : {}) },
        timeoutMs: 60_000,
      }),
    withdraw: (id: string, caseId: string) => ask(routes.withdraw, { params: { id, case: caseId } }),
    push: (id: string, field: string) => ask(routes.push, { params: { id }, body: { field } }),
    page: ({ width, ...of }: { id: string; slot: string; page: number; width?: number }) =>
      ask(routes.page, { params: of, query: { width } }),
    crop: (of: { id: string; slot: string; field: string }) => ask(routes.crop, { params: of }),
    pageOriginal: (of: { id: string; slot: string; page: number }) =>
      ask(routes.pageOriginal, { params: of }),
    separator: () => ask(routes.separator, { timeoutMs: 30_000 }),
    pdf: async (of: { id: string; slot: string }) =>
      (await ask(routes.pdf, { params: of, timeoutMs: 60_000 })).arrayBuffer(),
    sealReport: (of: { id: string; slot: string }) =>
      ask(routes.sealReport, { params: of, timeoutMs: 60_000 }),
    frame: (file: Blob, signal: AbortSignal) => ask(routes.frame, { body: file, signal, timeoutMs: 4_000 }),
    camera: (body: BodyOf<typeof routes.camera>) => ask(routes.camera, { body }),
    scanners: () => ask(routes.scanners),
    findScanners: () => ask(routes.findScanners, { timeoutMs: 90_000 }),
    batches: () => ask(routes.batches),
    createBatch: () => ask(routes.createBatch),
    batch: (batch: string) => ask(routes.batch, { params: { batch } }),
    deleteBatch: (batch: string) => ask(routes.deleteBatch, { params: { batch }, timeoutMs: 60_000 }),
    scanBatch: (batch: string, body: BodyOf<typeof routes.scanBatch>) =>
      ask(routes.scanBatch, { params: { batch }, body }),
    stopScan: (batch: string) => ask(routes.stopScan, { params: { batch }, timeoutMs: 60_000 }),
    dismissRefused: (of: { batch: string; sheet: string }) => ask(routes.dismissRefused, { params: of }),
    addToBatch: (batch: string, file: Blob) =>
      ask(routes.addToBatch, { params: { batch }, body: file, timeoutMs: 600_000 }),
    arrangeBatch: (of: { id: string; revision: number }, documents: { id: string; pages: string[] }[]) =>
      ask(routes.arrangeBatch, { params: { batch: of.id }, body: { revision: of.revision, documents } }),
    turnBatchPage: (batch: string, page: string, degrees: 90 | 180 | 270) =>
      ask(routes.turnBatchPage, { params: { batch, page }, body: { degrees } }),
    placeDocument: (of: { batch: string; document: string }, body: BodyOf<typeof routes.placeDocument>) =>
      ask(routes.placeDocument, { params: of, body }),
    batchPage: ({ width, ...of }: { batch: string; page: string; width: number }) =>
      ask(routes.batchPage, { params: of, query: { width } }),
    eventsUrl: () => address(routes.events),
  };
}
