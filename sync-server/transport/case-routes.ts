import { caseRoutes } from '#domain/contracts/desk/cases.ts';
import type { DeskCases } from '../services/cases/desk-cases.ts';
import type { CompareRegister } from '../services/cases/compare-register.ts';
import type { RecordFiles } from '../services/cases/record-files.ts';
import { usableRecordRoutes } from '#domain/contracts/desk/usable-records.ts';
import type { UsableRecordList } from '../services/cases/usable-records.ts';
import type { Serve } from './serve.ts';

/** What a department sees and decides. */
export function addCaseRoutes(
  serve: Serve,
  {
    cases,
    files,
    compare,
    usable,
  }: { cases: DeskCases; files: RecordFiles; compare: CompareRegister; usable: UsableRecordList },
): void {
  serve(caseRoutes.cases, ({ actor, query }) => cases.list(actor, query));
  serve(caseRoutes.case, ({ actor, params }) => cases.detail(actor, params.id));
  serve(caseRoutes.decide, ({ actor, params, body }) => cases.decide(actor, params.id, body));
  serve(caseRoutes.complain, ({ actor, params, body }) => cases.complain(actor, params.id, body));
  serve(caseRoutes.claim, ({ actor, params, body }) => cases.claim(actor, params.id, body));
  serve(caseRoutes.release, ({ actor, params, body }) => cases.release(actor, params.id, body));
  serve(caseRoutes.overrule, ({ actor, params, body }) => cases.overrule(actor, params.id, body));
  serve(caseRoutes.unmaskCase, ({ actor, params, body }) => cases.unmask(actor, params.id, body));
  serve(usableRecordRoutes.usableRecords, ({ actor, query }) => usable(actor, query));
  serve(caseRoutes.page, ({ actor, params: { id, ...place } }) =>
    files.page(actor, { recordId: id, ...place }),
  );
  serve(caseRoutes.attachment, async ({ actor, params: { id, ...place }, reply }) => {
    const { mime, bytes } = await files.attachment(actor, { recordId: id, ...place });
    void reply.header('content-type', mime);
    return bytes;
  });
  serve(caseRoutes.registerComparison, ({ actor, params }) => compare(actor, params.id));
  serve(caseRoutes.crop, ({ actor, params: { id, ...place } }) =>
    files.crop(actor, { recordId: id, ...place }),
  );
  serve(caseRoutes.pdf, ({ actor, params: { id, slot } }) => files.pdf(actor, { recordId: id, slot }));
  serve(caseRoutes.sealReport, async ({ actor, params: { id, slot } }) =>
    Buffer.from(await files.sealReport(actor, { recordId: id, slot })),
  );
}
