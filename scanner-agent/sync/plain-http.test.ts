import { describe, expect, it, vi } from 'vitest';
import type { SyncStore } from '../ports/store.ts';
import { stationProfileSchema } from '#domain/catalogue/station-profile.ts';
import { enrolStation } from './enrol.ts';
import { refusePlainHttp } from './plain-http.ts';

const elsewhere = [
  'http://ludeng.example',
  'http://192.168.1.8:8720',
  'http://localhost.example:8720',
  'http://127.0.0.1.example',
  'http://0.0.0.0:8720',
  'HTTP://LUDENG.EXAMPLE',
];

describe('a server that is spoken to in the clear', () => {
  it.each(elsewhere)('is refused on another machine: %s', (url) => {
    expect(() => refusePlainHttp(url)).toThrow('PLAIN_HTTP_REFUSED');
    expect(() => refusePlainHttp(url, true)).not.toThrow();
  });

  it.each([
    'http://127.0.0.1:8720',
    'http://127.8.0.1',
    'http://localhost:1',
    'http://[::1]:8720',
    'https://ludeng.example',
  ])('is not meant by %s', (url) => expect(() => refusePlainHttp(url)).not.toThrow());

  it('hears nothing of the enrolment code, and the station keeps no enrolment', async () => {
    const asked = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network in this test'));
    const saveEnrolment = vi.fn();
    const store = { identity: () => ({ publicKey: 'k' }), saveEnrolment } as unknown as SyncStore;
    const enrol = (allowPlainHttp?: boolean) =>
      enrolStation({
        ...{
          store,
          serverUrl: 'http://ludeng.example',
          code: 'a-secret-code',
          stationId: 'S',
          stationName: '站',
        },
        ...(allowPlainHttp === undefined ? {} : { allowPlainHttp }),
      });
    await expect(enrol()).rejects.toMatchObject({ code: 'PLAIN_HTTP_REFUSED' });
    expect(asked).not.toHaveBeenCalled();
    // a closed network: asked, and there is nobody
    await expect(enrol(true)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
    expect(asked).toHaveBeenCalledOnce();
    expect(saveEnrolment).not.toHaveBeenCalled();
    asked.mockRestore();
  });

  it('is allowed by the station’s profile only where that says so', () => {
    const profile = {
      stationId: 'S',
      stationName: '站',
      programme: 'p',
      server: { url: 'http://ludeng.example' },
    };
    expect(stationProfileSchema.parse(profile).server.allowPlainHttp).toBe(false);
    const server = { ...profile.server, allowPlainHttp: true };
    expect(stationProfileSchema.parse({ ...profile, server }).server.allowPlainHttp).toBe(true);
  });
});
