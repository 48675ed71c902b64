/** An attachment that is a paper of a known type is read into the form. It is neither marked nor checked: the person corrects it. */
import { AppError } from '#domain/errors/app-error.ts';
import { getDocumentType, getRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import { parseValues } from '#domain/fields/field-rules.ts';
import { extractFields } from '#domain/reading/extract-fields.ts';
import { recogniseDocumentType } from '#domain/reading/recognise-document-type.ts';
import { fillForm, formReadings } from '#domain/record/fill-form.ts';
import { afterEdit } from '#domain/record/rules.ts';
import type { OpenedPage, PaperReader } from '#paper/ports/paper-reader.ts';
import { notesOf, refuseBlank } from '../capture/judge-pages.ts';
import type { Jobs } from '../jobs.ts';
import type { AttachFiles } from './attach-files.ts';
import type { RecordService } from './record-service.ts';

const openTimeoutMs = 120_000;

/** Throws NOT_FOUND, RECORD_NOT_EDITABLE, WORK_IN_PROGRESS, BAD_REQUEST for an attachment that is not read. */
export type ReadAttachment = (file: { id: string; attachment: string; sha: string }) => Job;

export function createReadAttachment(deps: {
  desk: Pick<RecordService, 'get' | 'getEditable' | 'edit'>;
  attachFiles: Pick<AttachFiles, 'read'>;
  jobs: Jobs;
  reader: Pick<PaperReader, 'openDocument'>;
  catalogue: Catalogue;
}): ReadAttachment {
  const { desk, attachFiles, jobs, reader, catalogue } = deps;

  return ({ id, attachment, sha }) => {
    const record = desk.getEditable(id);
    const kind = getRecordKind(catalogue, record.programme, record.kind);
    const slot = kind.attachments?.find((one) => one.id === attachment);
    const reads = slot?.reads;
    if (!slot || !reads) throw new AppError('BAD_REQUEST', { attachment });
    const documentType = getDocumentType(catalogue, reads.documentType);
    return jobs.start({
      ...{ kind: 'attachment', recordId: id, slot: attachment, stage: 'opening' },
      run: async ({ signal, report }) => {
        const bytes = await attachFiles.read({ id, attachment, sha });
        const pages = await reader.openDocument(bytes, {
          ...{ signal, timeoutMs: openTimeoutMs, paperSizes: documentType.papers, codePages: 0 },
          reads: ['lines'],
          onRead: (done, total) => report({ stage: 'reading', done, total }),
        });
        refuseBlank(pages);
        const read = pages.map(({ reading, widthPx, heightPx }) => ({
          ...{ lines: reading?.lines ?? [], seals: reading?.seals ?? [], widthPx, heightPx },
        }));
        report({ stage: 'extracting' });
        const recognised = recogniseDocumentType(catalogue.documentTypes, read);
        const found = formReadings(reads, extractFields(documentType, read));
        // canonical, as if it had been typed; what does not parse is shown as it was read
        const values = { ...found, ...parseValues(kind.form, found).values };
        const isOther = recognised[0]?.documentType !== documentType.id;
        const notes = notesOfPages(pages);
        if (Object.keys(values).length === 0) notes.push({ text: nothingRead(documentType.name) });
        else if (isOther) notes.push({ text: notRecognised(documentType.name) });
        report({ stage: 'storing', notes, recognised });
        if (Object.keys(values).length === 0) return;
        desk.edit({
          ...{ id, revision: desk.get(id).revision, line: 'attachment-read', outcome: slot.title },
          change: (current, occasion) => afterEdit(fillForm(current, values), occasion),
        });
      },
    });
  };
}

function notesOfPages(pages: readonly OpenedPage[]): Job['notes'] {
  return pages.flatMap(({ quality }, page) => notesOf({ quality }).map((text) => ({ page, text })));
}

const nothingRead = (name: string): string => `没有识别到${name}上的信息，请重新拍摄清晰的图片，或手工填写`;
const notRecognised = (name: string): string => `图片不像${name}，请核对识别出的内容，或重新上传`;
