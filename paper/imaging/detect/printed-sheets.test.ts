import { expect, test } from 'vitest';
import { rectangleQuad } from '../geometry.ts';
import { withoutPrints } from './printed-sheets.ts';

const leaflet = { corners: rectangleQuad(100, 100, 800, 1090) };

test('a pale rectangle printed in a leaflet is no page of its own', () => {
  const box = { corners: rectangleQuad(200, 300, 700, 500) };
  expect(withoutPrints([box, leaflet])).toEqual([leaflet]);
});

test('a card laid upon a sheet is one, and so is a sheet that only overlaps', () => {
  const card = { corners: rectangleQuad(200, 300, 471, 471) };
  const beside = { corners: rectangleQuad(500, 700, 1200, 1600) };
  expect(withoutPrints([leaflet, card, beside])).toEqual([leaflet, card, beside]);
});
