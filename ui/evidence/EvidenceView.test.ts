import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import type { FieldEvidence } from '#domain/verdict/schema.ts';
import EvidenceView from './EvidenceView.vue';

const evidence: FieldEvidence = {
  claim: '2030-12-31',
  marks: [],
  recognised: '2030-12-31',
  score: {
    probability: 0.97,
    support: 0,
    rivalMargin: 5,
    rival: '2030年12月37日',
    form: '2030年12月31日',
    freeReading: '2030年12月31日',
    freeConfidence: 1,
    modelHash: 'm',
  },
};
const marked = (own: FieldEvidence): string[] =>
  mount(EvidenceView, { props: { evidence: own, claimed: '2030年12月31日' } })
    .findAll('.compared mark')
    .map((one) => one.text());

test('sets off only what differs in meaning between the claim and its rival: both in the form on paper', () => {
  expect(marked(evidence)).toEqual(['1', '7']);
});

test('a score from before forms were kept is held against what the table shows', () => {
  const { form: _form, ...score } = evidence.score as NonNullable<FieldEvidence['score']>;
  expect(marked({ ...evidence, score })).toEqual(['1', '7']);
});

test('shows what the codes on the page say, as they were compared', () => {
  const codes = ['https://licence.example/i?uniscid=91210103MA0P4X7Y6N'];
  const view = (own: FieldEvidence): string =>
    mount(EvidenceView, { props: { evidence: own, claimed: '2030年12月31日' } }).text();
  expect(view({ ...evidence, codes })).toContain(codes[0]);
  expect(view(evidence)).not.toContain('二维码');
});
