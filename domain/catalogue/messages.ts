/**
 * The words of the page that a programme, or one of its record kinds, may put differently. The list is closed: a key here has
 * a reader on the page, and an unknown one stops the start with its file and path.
 */
import { z } from 'zod';

/** In `markNote` the places of the two signs, which no text can hold. */
export const signPlaces = { key: '{key}', digital: '{digital}' } as const;

export const standardMessages = {
  /** The name of the weight whose deviation is red. */
  keyWord: '关键实质性信息',
  /** The name of the weight whose deviation is yellow. */
  digitalWord: '数字化智能评估信息',
  modeSmart: '智能模式',
  modeManual: '人工模式',
  /** Title of the electronic document in 智能模式. */
  uploadBanner: '智能模式 上传电子文件',
  uploadHint: '注：为了保证上传的材料智能识别通过率，请使用规范数字化扫描标准上传',
  /** What the two signs mean. */
  markNote:
    '注：{key}标记代表{keyWord}，{digital}标记代表{digitalWord}。如上传的附件中未能体现需要标记的信息或需要标记的信息位置有水印、不清晰，标记后识别不准确，这时就需要您提供可以体现需要标记信息的辅助材料（合并上传），并进行标记。',
  /** Before what a module that is not built yet will do. */
  notOpen: '未开通',
  resultTitle: '智慧校验结果',
  /** Title of the materials of a subject's one standing record. */
  certificatesTitle: '基本信息证照',
  /** Title of the materials of every other record. */
  materialsTitle: '材料',
  /** Title of a record's own form. */
  formTitle: '基本信息',
  /** Title of the dialog that asks before a record's page opens. */
  askTitle: '{addLabel}',
  /** The button that leads from there to the record's page. */
  askEnter: '确定',
  /** Title of the block in that dialog that holds what is asked; none where nobody gives one. */
  askBlock: '',
  submitTitle: '证照提交',
  /** Headings within it, once the record was submitted; none where nobody words them. */
  submitInfo: '',
  submitState: '',
  submitSettings: '',
  /** Over the title of a page where one paper is entered, looked at, saved and closed. */
  paperTitle: '证照录入',
  /** Heading of the form on the page of a paper that has another beside it. */
  ownPaperTitle: '材料信息',
};
export type Messages = Readonly<typeof standardMessages>;
export type MessageKey = keyof Messages;

const text = z.string().trim().min(1).max(500);
const noteText = text.refine(
  (note) => Object.values(signPlaces).every((place) => note.split(place).length === 2),
  {
    error: 'must hold {key} and {digital} once each: the signs stand there',
  },
);

/** What a programme or a kind words for itself. */
export const ownMessagesSchema = z.strictObject({
  keyWord: text.exactOptional(),
  digitalWord: text.exactOptional(),
  modeSmart: text.exactOptional(),
  modeManual: text.exactOptional(),
  uploadBanner: text.exactOptional(),
  uploadHint: text.exactOptional(),
  markNote: noteText.exactOptional(),
  notOpen: text.exactOptional(),
  resultTitle: text.exactOptional(),
  certificatesTitle: text.exactOptional(),
  materialsTitle: text.exactOptional(),
  formTitle: text.exactOptional(),
  askTitle: text.exactOptional(),
  askEnter: text.exactOptional(),
  askBlock: text.exactOptional(),
  submitTitle: text.exactOptional(),
  submitInfo: text.exactOptional(),
  submitState: text.exactOptional(),
  submitSettings: text.exactOptional(),
  paperTitle: text.exactOptional(),
  ownPaperTitle: text.exactOptional(),
} satisfies Record<MessageKey, z.ZodType>);
export type OwnMessages = z.infer<typeof ownMessagesSchema>;

/** The words of a page: those of the first that has its own, the standard ones where nobody has. */
export function messagesOf(...own: readonly (OwnMessages | undefined)[]): Messages {
  const all = Object.assign({}, standardMessages, ...own.toReversed()) as Messages;
  const markNote = all.markNote.replace('{keyWord}', all.keyWord).replace('{digitalWord}', all.digitalWord);
  return { ...all, markNote };
}

/** The note cut at its two signs: what stands before the first, between them, and behind the second. */
export function markNoteParts({ markNote }: Messages): { lead: string; key: string; digital: string } {
  const [lead = '', rest = ''] = markNote.split(signPlaces.key);
  const [key = '', digital = ''] = rest.split(signPlaces.digital);
  return { lead, key, digital };
}
