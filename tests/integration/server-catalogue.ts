/** A small catalogue for tests of the server, as the files of its folder. */
import type { RawFile } from '#domain/catalogue/build-catalogue.ts';

const review = (id: string, permission: string) => ({
  id,
  title: `${id}核验`,
  permission,
  decisions: [
    { id: 'approve', label: '审核通过', opinion: 'optional', outcome: 'approved' },
    { id: 'refuse', label: '审核不通过', opinion: 'required', outcome: 'refused' },
  ],
});

export interface CatalogueOptions {
  /** Said of the kind and of the programme besides. */
  byHand?: object;
  byMachine?: object;
  programme?: object;
  /** Further files, such as workflows and guards. */
  more?: RawFile[];
}

/** As a server reads them from a folder of its own. */
export function catalogueFiles({
  byHand = {},
  byMachine = {},
  programme = {},
  more = [],
}: CatalogueOptions = {}): RawFile[] {
  const kind = (id: string, workflow: string) => ({
    path: `programmes/test-programme/records/${id}.yaml`,
    data: {
      id,
      title: `测试事项${id}`,
      cardinality: 'many',
      materials: [{ id: 'paper', title: '测试证书', documentType: 'test-paper' }],
      workflow,
      ...(id === 'by-hand' ? byHand : byMachine),
    },
  });
  return [
    ...more,
    {
      path: 'programmes/test-programme/programme.yaml',
      data: {
        id: 'test-programme',
        name: '测试项目',
        region: '辽宁省',
        codePrefix: 'TEST',
        loginWays: ['ukey'],
        subjectRoles: [{ id: 'bidder', name: '投标人' }],
        sections: [{ id: 'all', title: '全部', recordKinds: ['by-hand', 'by-machine'] }],
        credentials: {
          issuer: { name: '测试机构', code: '11210000MB9T9A0185' },
          types: [
            { kind: 'by-hand', code: '001' },
            { kind: 'by-machine', code: '002' },
          ],
        },
        pushFields: [
          { id: 'housing', name: '房建领域', department: '房建处' },
          { id: 'water', name: '水利领域', department: '水利处' },
        ],
        ...programme,
      },
    },
    kind('by-hand', 'two-steps'),
    kind('by-machine', 'machine'),
    // no paper: a form and a file, sealed as a whole, or not at all
    ...(['record', 'none'] as const).map((seal) => ({
      path: `programmes/test-programme/records/form-${seal}.yaml`,
      data: {
        ...{
          id: `form-${seal}`,
          title: '表单',
          cardinality: 'many',
          workflow: 'two-steps',
          needs: { seal },
        },
        form: [{ id: 'reason', label: '事由', kind: 'text', required: true }],
        materials: [],
        attachments: [{ id: 'application', title: '申请表', required: true, maxFiles: 1, accept: ['pdf'] }],
      },
    })),
    {
      path: 'document-types/test-paper.yaml',
      data: {
        id: 'test-paper',
        name: '测试证书',
        recognise: { titles: ['测试证书'] },
        papers: [{ name: 'A4', widthMm: 210, heightMm: 297 }],
        fields: [
          { id: 'companyName', label: '企业名称', kind: 'company-name', weight: 'key', required: true },
          { id: 'address', label: '住所', kind: 'address', weight: 'digital' },
        ],
        checks: [{ kind: 'is-subject', field: 'companyName', attribute: 'name' }],
      },
    },
    {
      path: 'workflows/two-steps.yaml',
      data: {
        id: 'two-steps',
        title: '两步',
        steps: [review('first', 'review'), review('second', 'approve')],
      },
    },
    {
      path: 'workflows/machine.yaml',
      data: {
        id: 'machine',
        title: '机器',
        steps: [{ ...review('machine', 'review'), automatic: { whenLight: 'green', decision: 'approve' } }],
      },
    },
  ];
}
