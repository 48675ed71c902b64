/** 人脸识别: only a result that the service has signed for this person, thing and request counts. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import type { OutsideServices } from '../../sync-server/wiring/outside-services.ts';
import { connectServices, faceRequest, refusal } from './outside-services-support.ts';

let sandbox: TestOutsideServices;
let outside: OutsideServices;
const log: unknown[] = [];

beforeAll(async () => {
  sandbox = await startOutsideServices();
  outside = connectServices({ services: sandbox.settings }, { log });
});
afterEach(() => sandbox.setBehaviour({ service: 'all', mode: 'normal' }));
afterAll(() => sandbox.close());

describe('a face check', () => {
  it('is pending until the person has answered on the page of the service', async () => {
    const wanted = faceRequest();
    const { checkId, url } = await outside.face.begin(wanted);
    expect(url).toBe(`${sandbox.url}/face/${checkId}`);
    expect(await outside.face.resultOf(checkId, wanted)).toBe('pending');
    await sandbox.answerFace(checkId, true);
    expect(await outside.face.resultOf(checkId, wanted)).toBe('passed');
    // the answer that came first stays
    await expect(sandbox.answerFace(checkId, false)).rejects.toThrow('409');
  });

  it('has failed where the service says so', async () => {
    const wanted = faceRequest();
    const { checkId } = await outside.face.begin(wanted);
    await sandbox.answerFace(checkId, false);
    expect(await outside.face.resultOf(checkId, wanted)).toBe('failed');
  });

  it.each([
    ['unsigned', 'unsigned'],
    ['wrong-key', 'unsigned'],
    ['tampered', 'unsigned'],
    ['other-person', 'person'],
    ['other-about', 'about'],
    ['other-nonce', 'nonce'],
    ['other-check', 'check'],
    ['replayed', 'check'],
    ['old', 'time'],
  ] as const)('counts for nothing where the result is %s', async (forgery, reason) => {
    const earlier = faceRequest();
    const { checkId: earlierId } = await outside.face.begin(earlier);
    await sandbox.answerFace(earlierId, true);

    const wanted = faceRequest();
    const { checkId } = await outside.face.begin(wanted);
    await sandbox.setBehaviour({ service: 'face', mode: 'normal', forgery });
    const error = await refusal(outside.face.resultOf(checkId, wanted));
    expect(error).toMatchObject({ code: 'FACE_RESULT_REFUSED', details: { reason } });
    expect(JSON.stringify(log)).toContain(`a result was refused: ${reason}`);

    // the same check with its own result is good
    await sandbox.setBehaviour({ service: 'face', mode: 'normal' });
    await sandbox.answerFace(checkId, true);
    expect(await outside.face.resultOf(checkId, wanted)).toBe('passed');
  });

  it('is refused where somebody else, another thing or another request is asked about', async () => {
    const wanted = faceRequest();
    const { checkId } = await outside.face.begin(wanted);
    await sandbox.answerFace(checkId, true);
    const ask = (change: object) => refusal(outside.face.resultOf(checkId, { ...wanted, ...change }));
    expect((await ask({ idNumber: '530103197908223029' })).details).toEqual({ reason: 'person' });
    expect((await ask({ about: 'another to-do' })).details).toEqual({ reason: 'about' });
    expect((await ask({ nonce: 'm'.repeat(32) })).details).toEqual({ reason: 'nonce' });
  });

  it('is good for ten minutes, and not before it was made', async () => {
    const wanted = faceRequest();
    const { checkId } = await outside.face.begin(wanted);
    await sandbox.answerFace(checkId, true);
    const resultAt = (minutes: number) =>
      connectServices(
        { services: sandbox.settings },
        { nowMs: () => Date.now() + minutes * 60_000 },
      ).face.resultOf(checkId, wanted);
    expect(await resultAt(9)).toBe('passed');
    expect((await refusal(resultAt(10.1))).details).toEqual({ reason: 'time' });
    expect((await refusal(resultAt(-3))).details).toEqual({ reason: 'time' });
  });
});
