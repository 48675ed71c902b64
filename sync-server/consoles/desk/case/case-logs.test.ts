import { expect, test } from 'vitest';
import type { CaseDetail } from '#domain/contracts/console-server.ts';
import { operationsOf, pushesOf } from './case-logs.ts';

const id = '01JD0000000000000000000000';
const pushId = '01JD0000000000000000000001';
const detail: CaseDetail = {
  case: {
    id,
    recordId: id,
    pushId,
    workflow: 'push-verification',
    pushField: 'water-tendering',
    state: 'open',
    step: 0,
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
    operations: [{ at: '2026-11-21T08:00:01.000Z', by: '甲公司', action: '提交入库' }],
    pushes: [],
  },
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
    step: 1,
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

test('operations run from the counter over the server to the decision', () => {
  expect(operationsOf(refused, '水利').map(({ action, detail: more }) => [action, more])).toEqual([
    ['提交入库', undefined],
    ['服务器收件并验证入库', undefined],
    ['推送核验', '水利'],
    ['审核不通过', '不清晰'],
  ]);
});

test('a push under review has neither time nor opinion of a decision', () => {
  expect(pushesOf(detail, '水利')).toEqual([
    {
      id: pushId,
      field: 'water-tendering',
      fieldName: '水利',
      pushedAt: '2026-11-21T08:00:03.000Z',
      state: 'under-review',
    },
  ]);
});

test('the station’s own row of this push is replaced by what became of it, and keeps its time', () => {
  const brought = {
    ...refused,
    record: {
      ...refused.record,
      pushes: [
        {
          id: pushId,
          field: 'water-tendering',
          fieldName: '水利',
          pushedAt: '2026-11-21T08:00:01.000Z',
          state: 'queued' as const,
        },
      ],
    },
  };
  expect(pushesOf(brought, '水利')).toMatchObject([
    { pushedAt: '2026-11-21T08:00:01.000Z', state: 'refused', opinion: '不清晰', decidedBy: '审核员' },
  ]);
});
