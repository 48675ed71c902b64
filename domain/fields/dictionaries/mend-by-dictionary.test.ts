import { describe, expect, it } from 'vitest';
import { mendByDictionary } from './mend-by-dictionary.ts';

describe('mendByDictionary', () => {
  it.each([
    ['company-types', '有限责任公司国有独资', '有限责任公司(国有独资)'],
    ['company-types', '有限责任公司（台港澳与境内合资蜀）', '有限责任公司(台港澳与境内合资)'],
    ['qualifications', '建筑工程施工总承句', '建筑工程施工总承包'],
    ['authorities', '沈阳市沈北新区市场监督管埋局', '沈阳市沈北新区市场监督管理局'],
    ['authorities', '辽宁省住房和城多建设厅', '辽宁省住房和城乡建设厅'],
    ['authorities', '辽宇省住房和城乡建设厅', '辽宁省住房和城乡建设厅'],
    ['places', '辽宁省沈阳帀和平区南京街1号', '辽宁省沈阳市和平区南京街1号'],
    ['places', '辽宇省大连市人民路5号', '辽宁省大连市人民路5号'],
    ['places', '吉林省长舂市朝阳区人民大街5号', '吉林省长春市朝阳区人民大街5号'],
  ] as const)('in %s makes %s of what was read', (dictionary, read, right) => {
    expect(mendByDictionary(read, dictionary)).toBe(right);
  });

  it.each([
    ['company-types', '有限责任公司（国有独资）'],
    ['authorities', '沈阳市行政审批局'],
    ['places', '辽宁省沈阳市和平区南京街1号'],
    ['nations', '土'],
    ['qualifications', '建筑工程施工总承包'],
  ] as const)('in %s leaves alone what is right: %s', (dictionary, read) => {
    expect(mendByDictionary(read, dictionary)).toBeUndefined();
  });

  it.each([
    ['qualifications', '园林古迹修复承包'],
    ['authorities', '某某村民委员会'],
    ['company-types', '外国企业常驻代表机构'],
    ['places', '人民路5号'],
    ['places', '河北省定州市中山路5号'],
    ['places', '磐石市人民路5号'],
    ['places', '天水市麦积区人民路5号'],
    ['authorities', '磐石市公安局'],
    ['authorities', '镜湖区公安局'],
  ] as const)('in %s does not guess: %s', (dictionary, read) => {
    expect(mendByDictionary(read, dictionary)).toBeUndefined();
  });

  it('does not choose between two words that are equally near', () => {
    // 河南省 and 湖南省 are both one character away.
    expect(mendByDictionary('海南者', 'places')).toBeUndefined();
    expect(mendByDictionary('汗南省人民路5号', 'places')).toBeUndefined();
  });
});
