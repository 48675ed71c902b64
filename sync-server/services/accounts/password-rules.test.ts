import { expect, it } from 'vitest';
import { passwordFault } from './password-rules.ts';

const own = ['li.gong', '李建国'];
const faultOf = (next: string): string | undefined =>
  passwordFault(next, { own, current: '秋天的山路很安静呀呀' });

it.each([
  ['short1', 'short'],
  ['九个字也不够长的密', 'short'],
  ['x'.repeat(40) + 'yzabcd'.repeat(20), 'long'],
  ['aaaaaaaaaaaa', 'simple'],
  ['abababababab', 'simple'],
  ['abc1abc1abc1', 'simple'],
  ['1234567890', 'simple'],
  ['9876543210', 'simple'],
  ['abcdefghijkl', 'simple'],
  ['qwertyuiop', 'simple'],
  ['password123', 'common'],
  ['PassWord2026', 'common'],
  ['Passw0rd!!!', 'common'],
  ['admin123456', 'common'],
  ['woaini5201314', 'common'],
  ['ludeng-2026-test', 'common'],
  ['ｐａｓｓｗｏｒｄ１２３', 'common'],
  ['Li.Gong-and-more-9', 'name'],
  ['李建国最喜欢钓鱼了', 'short'],
  ['李建国最喜欢去河边钓鱼', 'name'],
  ['秋天的山路很安静呀呀', 'same'],
])('refuses %s as %s', (next, fault) => expect(faultOf(next)).toBe(fault));

it.each(['kT7-vume-Rado', '四月的桥下有三只白鹭', 'correct horse battery', 'mx9q2w7rhvzt'])(
  'takes %s',
  (next) => expect(faultOf(next)).toBeUndefined(),
);
