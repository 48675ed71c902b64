/** A document camera behind its vendor's local program: our driver asks the emulator over HTTP. */
import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import { startCameraService } from '#tests/emulators/document-camera-service/service.ts';
import type { CameraService } from '#tests/emulators/document-camera-service/service.ts';
import { collectSheets, writtenSheet } from '#tests/support/scan-sheets.ts';
import { serviceDriver } from '#tests/support/scanner-table.ts';
import { findServices } from '../../scanner-agent/devices/scanners/vendor-service/service-source.ts';
import type { PageSource } from '../../scanner-agent/ports/page-source.ts';

const never = new AbortController().signal;
const glass = { source: 'flatbed', dpi: 200, colour: 'colour' } as const;
const opened: CameraService[] = [];
afterEach(async () => {
  for (const service of opened.splice(0)) await service.close();
});

async function bench(): Promise<{ service: CameraService; source: PageSource; look: () => Promise<void> }> {
  const service = await startCameraService();
  opened.push(service);
  service.lay((await writtenSheet(1)).front.png);
  const configured = [{ driver: serviceDriver.id, address: service.url, simulated: true }];
  const finder = findServices(serviceDriver, { configured, find: false });
  await finder.refresh(never);
  const [source] = finder.list();
  if (!source) throw new Error('the finder lists nothing');
  return { service, source, look: () => finder.refresh(never) };
}

describe('the vendor’s program of a document camera', () => {
  test('is listed, and gives the sheet under the camera, cut to its edges, in the asked colours', async () => {
    const { service, source } = await bench();
    expect(source.health()).toMatchObject({ driver: 'eloam-service', state: 'ready', simulated: true });
    const { sheets, code } = await collectSheets(source, { ...glass, colour: 'grey' });
    expect([sheets.length, code]).toEqual([1, undefined]);
    expect(await sharp(sheets[0]?.bytes).metadata()).toMatchObject({ width: 700, height: 990 });
    expect(service.shots()).toMatchObject([{ cutpage: '1', camidx: '0', ColorMode: '1' }]);
  });

  test.each([
    ['refuses', 'DEVICE_FAULT'],
    ['html', 'DEVICE_FAULT'],
    ['no-picture', 'DEVICE_FAULT'],
    ['half', 'SCANNER_LOST'],
    ['endless', 'SCANNER_LOST'],
  ] as const)(
    'answering like this: %s, it is told as %s, and the next sheet comes',
    async (trouble, code) => {
      const { service, source } = await bench();
      service.setFault(trouble);
      expect(await collectSheets(source, glass)).toEqual({ sheets: [], code });
      service.setFault('none');
      expect((await collectSheets(source, glass)).sheets).toHaveLength(1);
    },
  );

  test('that hangs ends with its time limit, and the person may stop it before', async () => {
    const { service, source } = await bench();
    service.setFault('hangs');
    expect((await collectSheets(source, glass, { sheetTimeoutMs: 300 })).code).toBe('DEVICE_TIMEOUT');
    const stop = new AbortController();
    const stopped = collectSheets(source, glass, { signal: stop.signal });
    stop.abort(new Error('stopped'));
    expect(await stopped).toEqual({ sheets: [], code: undefined });
  });

  test('is missing while it does not run, and ready when it runs again', async () => {
    const { service, source, look } = await bench();
    await opened.splice(0)[0]?.close();
    await look();
    expect(source.health()).toMatchObject({ state: 'missing', errorCode: 'SCANNER_MISSING' });
    opened.push(await startCameraService(Number(new URL(service.url).port)));
    await look();
    expect(source.health().state).toBe('ready');
  });

  test('that nobody named is only listed where it answers', async () => {
    const service = await startCameraService();
    opened.push(service);
    const finder = findServices({ ...serviceDriver, url: service.url }, { configured: [], find: true });
    expect(finder.list()).toEqual([]);
    await finder.refresh(never);
    expect(finder.list()).toHaveLength(1);
  });
});
