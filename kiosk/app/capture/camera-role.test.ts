import { beforeEach, describe, expect, test } from 'vitest';
import { cameraFor, rememberCamera } from './camera-role.ts';

const desk = { deviceId: 'desk' };
const face = { deviceId: 'face' };

beforeEach(() => localStorage.clear());

describe('the camera for a role', () => {
  test('is the one that was chosen for it, wherever it stands in the list', () => {
    rememberCamera('face', 'face');
    expect(cameraFor('face', [desk, face])).toBe('face');
    rememberCamera('document', 'face');
    expect(cameraFor('document', [desk, face])).toBe('face');
  });

  test('is not the other role’s while there is another', () => {
    rememberCamera('document', 'desk');
    expect(cameraFor('face', [desk, face])).toBe('face');
    rememberCamera('face', 'face');
    localStorage.removeItem('ludeng.camera');
    expect(cameraFor('document', [face, desk])).toBe('desk');
  });

  test('is any where the chosen one is not plugged in, and nothing where names are not known yet', () => {
    rememberCamera('document', 'gone');
    expect(cameraFor('document', [desk])).toBe('desk');
    rememberCamera('document', 'desk');
    expect(cameraFor('face', [desk])).toBe('desk');
    expect(cameraFor('document', [{ deviceId: '' }])).toBeUndefined();
  });
});
