import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import type { Devices } from '../services/devices/devices.ts';
import type { TestDevice } from '../services/devices/test-device.ts';
import type { Serve } from './serve.ts';

const frameTimeoutMs = 2_000;

export interface DeviceServices {
  devices: Pick<Devices, 'setCamera'>;
  reader: Pick<PaperReader, 'lookAtFrame'>;
  testDevice: TestDevice;
}

export function addDeviceRoutes(serve: Serve, { devices, reader, testDevice }: DeviceServices): void {
  serve(agentRoutes.camera, ({ body }) => {
    devices.setCamera(body);
    return {};
  });
  serve(agentRoutes.testDevice, ({ body: { id, pin }, signal }) => testDevice({ id, pin, signal }));
  serve(agentRoutes.frame, ({ body, signal }) =>
    reader.lookAtFrame(body, { signal, timeoutMs: frameTimeoutMs }),
  );
}
