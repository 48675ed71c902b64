import { expect, it } from 'vitest';
import { deviceName } from './device-name.ts';

it('names computer and browser in words, and nothing that a browser makes up', () => {
  const chrome =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Safari/537.36';
  expect(deviceName(chrome)).toBe('Windows 10/11 电脑，谷歌浏览器');
  expect(deviceName(`${chrome} QIHU 360SE`)).toBe('Windows 10/11 电脑，360浏览器');
  expect(deviceName(`${chrome} Edg/128.0`)).toBe('Windows 10/11 电脑，Edge 浏览器');
  expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit Version/18 Safari/604')).toBe(
    'iPhone，Safari 浏览器',
  );
  expect(deviceName('您本人的手机 <b>')).toBe('未知设备');
});
