/** Identifiers that docs/glossary.md has replaced: refused in new code. Keys of stored and sent content are texts and stay. */
const instead = {
  getCertificate: 'getDocumentType',
  certificateOfSlot: 'documentTypeOfSlot',
  recogniseCertificate: 'recogniseDocumentType',
  certificateSchema: 'documentTypeSchema',
  CertificatePicture: 'DocumentPicture',
  DigitalCertificate: 'Credential',
  digitalCertificateSchema: 'credentialSchema',
  IssuedCertificate: 'IssuedCredential',
  issueCertificate: 'issueCredential',
  findCertificate: 'findCredential',
  useTrouble: 'useAsyncAction',
  TroubleNote: 'ErrorNotice',
  LineState: 'ConnectionState',
  LineBroken: 'ConnectionLost',
  LineChip: 'ConnectionChip',
  DepartmentLine: 'DepartmentClient',
  PageLine: 'UploadChannel',
  RecordDesk: 'RecordService',
  createRecordDesk: 'createRecordService',
  SecondReading: 'RecheckAttempt',
  createSecondReading: 'createRecheck',
  useMaterialWork: 'useMaterialEditor',
  useStackWork: 'useBatchEditor',
  Stack: 'Batch',
  StackPage: 'BatchPage',
  StackView: 'BatchView',
  StackDocument: 'BatchDocument',
  withBin: 'withScope',
  lookEveryMs: 'pollIntervalMs',
  lookAtMarks: 'scoreRegions',
  onPoke: 'onNotify',
  keepPage: 'storePage',
};
const refused = new Map(Object.entries(instead));

/** @type {import('eslint').Rule.RuleModule} */
export const closedWords = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { closed: 'docs/glossary.md says {{instead}} for {{name}}.' },
  },
  create(context) {
    const check = (node) => {
      const better = refused.get(node.name);
      if (better) context.report({ node, messageId: 'closed', data: { name: node.name, instead: better } });
      else if (/^(most|least)[A-Z]/.test(node.name) && !/\/paper\//.test(context.filename))
        context.report({
          node,
          messageId: 'closed',
          data: { name: node.name, instead: node.name.replace(/^most/, 'max').replace(/^least/, 'min') },
        });
    };
    return { Identifier: check, JSXIdentifier: check };
  },
};
