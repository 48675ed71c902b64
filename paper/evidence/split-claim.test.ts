import { describe, expect, it } from 'vitest';
import { joinScores, splitClaim } from './split-claim.ts';

describe('splitClaim', () => {
  const claim = '房屋建筑工程施工；市政公用工程施工；建筑装修装饰工程施工；建筑材料销售。';
  it('cuts where the first page ends', () => {
    expect(
      splitClaim(claim, ['房屋建筑工程施工；市政公用工程施工；建筑装', '修装饰工程施工；建筑材料销售']),
    ).toEqual(['房屋建筑工程施工；市政公用工程施工；建筑装', '修装饰工程施工；建筑材料销售。']);
  });
  it('cuts there too when characters were missed or misread', () => {
    const parts = splitClaim(claim, [
      '房屋建筑工程施工市政公工程施工;建筑装',
      '修装饰工程施工；建筑材料销售',
    ]);
    expect(parts[0]).toBe('房屋建筑工程施工；市政公用工程施工；建筑装');
  });
  it('gives a part to each of three pages, and nothing is lost', () => {
    const parts = splitClaim(claim, [
      '房屋建筑工程施工；',
      '市政公用工程施工；建筑装修',
      '装饰工程施工；建筑材料销售。',
    ]);
    expect(parts).toEqual([
      '房屋建筑工程施工；',
      '市政公用工程施工；建筑装修',
      '装饰工程施工；建筑材料销售。',
    ]);
  });
});

describe('joinScores', () => {
  const score = (probability: number, rivalMargin: number, freeReading: string, rival?: string) => ({
    probability,
    support: -1,
    rivalMargin,
    freeReading,
    freeConfidence: probability,
    modelHash: 'a',
    ...(rival === undefined ? {} : { rival }),
  });
  it('is no surer than its weakest part, and names that part’s rival', () => {
    expect(joinScores([score(0.9, 4, '甲', '由'), score(0.5, -2, '乙', '己')])).toEqual({
      ...score(0.45, -2, '甲乙', '己'),
      support: -2,
      freeConfidence: 0.5,
    });
  });
  it('is nothing for no parts', () => expect(joinScores([])).toBeUndefined());
});
