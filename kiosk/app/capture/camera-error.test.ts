import { expect, it } from 'vitest';
import { adviceOnCamera, cameraErrorOf } from './camera-error.ts';
import type { CameraError } from './camera-error.ts';

it.each([
  ['NotAllowedError', 'denied', '浏览器没有使用高拍仪的权限：请工作人员允许本页面使用摄像头'],
  ['SecurityError', 'denied', '浏览器没有使用高拍仪的权限：请工作人员允许本页面使用摄像头'],
  ['NotReadableError', 'busy', '高拍仪正被其他程序使用：请关闭其他使用摄像头的程序'],
  ['NotFoundError', 'missing', '没有找到高拍仪：请检查高拍仪的USB线'],
])('says of %s what is wrong and what to do', (name, trouble, advice) => {
  const told = cameraErrorOf(new DOMException('x', name));
  expect(told).toBe(trouble);
  expect(adviceOnCamera('document', told)).toBe(advice);
});

it('has words of its own for each trouble of each camera', () => {
  const troubles: CameraError[] = ['denied', 'missing', 'busy', 'lost', 'dark'];
  const all = (['document', 'face'] as const).flatMap((role) =>
    troubles.map((trouble) => adviceOnCamera(role, trouble)),
  );
  expect(new Set(all).size).toBe(10);
});
