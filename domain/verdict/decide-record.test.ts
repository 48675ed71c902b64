import { describe, expect, it } from 'vitest';
import { lightOfMaterials } from './decide-record.ts';
import type { LightColour, MaterialVerdict } from './schema.ts';

function material(light: LightColour, weight: 'key' | 'plain' = 'key') {
  const verdict: MaterialVerdict = {
    light,
    fields: [{ field: 'name', label: '名称', weight, claimed: '', recognised: '', reasons: [] }],
  };
  return { pages: ['page'], checked: { verdict } };
}

describe('lightOfMaterials', () => {
  it('is the worst light of the materials that have pages', () => {
    expect(lightOfMaterials([material('green'), material('yellow')])).toBe('yellow');
    expect(lightOfMaterials([material('green'), { pages: [] }])).toBe('green');
  });
  it('leaves the light to the others where nothing of a paper is compared', () => {
    expect(lightOfMaterials([material('green'), material('yellow', 'plain')])).toBe('green');
    expect(lightOfMaterials([material('red'), material('yellow', 'plain')])).toBe('red');
  });
  it('is yellow, never green, for papers of which nothing is compared', () => {
    expect(lightOfMaterials([material('yellow', 'plain')])).toBe('yellow');
  });
  it('is none while any paper, compared or not, is unchecked', () => {
    expect(lightOfMaterials([material('green'), { pages: ['page'] }])).toBeUndefined();
    expect(lightOfMaterials([])).toBeUndefined();
  });
});
