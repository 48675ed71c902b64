import { expect, test } from 'vitest';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import { operationsOf } from './case-logs.ts';

const id = '01JD0000000000000000000000';
const pushId = '01JD0000000000000000000001';
const detail: CaseDetail = {
  case: {
    id,
    about: { kind: 'record', id },
    recordId: id,
    pushId,
    workflow: 'push-verification',
    pushField: 'water-tendering',
    state: 'open',
    step: 'manual-review',
    parties: [],
    claims: [],
    openedAt: '2026-11-21T08:00:03.000Z',
    decisions: [],
  },
  record: {
    id,
    programme: 'p',
    kind: 'k',
    role: 'bidder',
    subject: { name: '甲公司', creditCode: '' },
    answers: {},
    form: {},
    materials: [],
    state: 'stored',
    revision: 1,
    createdAt: '2026-11-21T08:00:00.000Z',
    updatedAt: '2026-11-21T08:00:00.000Z',
    // another version may have sent them: they are no facts of the server's
    operations: [{ at: '2026-11-21T08:00:01.000Z', by: '服务器', action: '审核通过' }],
    pushes: [],
  },
  title: '推送核验',
  about: { title: '信息', facts: [] },
  notices: [],
  stationLog: [{ at: '2026-11-21T08:00:01.000Z', by: '服务器', action: '审核通过' }],
  pushes: [],
  complaints: [],
  stationId: 's',
  receivedAt: '2026-11-21T08:00:02.000Z',
  seals: [],
  overrules: [],
  decisions: [],
};
const refused: CaseDetail = {
  ...detail,
  case: {
    ...detail.case,
    state: 'refused',
    closedAt: '2026-11-21T09:00:00.000Z',
    decisions: [
      {
        step: 'manual-review',
        decision: 'refuse',
        label: '审核不通过',
        outcome: 'refused',
        opinion: '不清晰',
        at: '2026-11-21T09:00:00.000Z',
        by: '审核员',
        automatic: false,
      },
    ],
  },
};

test('the server’s log runs from the receipt to the decision, and holds nothing that a station wrote', () => {
  expect(operationsOf(refused, '水利').map(({ action, detail: more }) => [action, more])).toEqual([
    ['服务器收件并验证入库', undefined],
    ['推送核验', '水利'],
    ['审核不通过', '不清晰'],
  ]);
});
