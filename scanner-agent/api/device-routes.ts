import type { FastifyInstance } from 'fastify';
import { AppError } from '#domain/errors/app-error.ts';
import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import type { Services } from './services.ts';
import { hungUp } from './session-routes.ts';

const frameTimeoutMs = 2_000;
/** A preview is a JPEG of one or two megapixels. */
const maxFrameBytes = 8 << 20;

export function addDeviceRoutes(app: FastifyInstance, { devices, reader, testDevice }: Services): void {
  app.put(agentRoutes.camera.path, async (request) => {
    devices.setCamera(agentRoutes.camera.request.parse(request.body));
    return {};
  });
  app.post(agentRoutes.testDevice.path, async (request, reply) => {
    const { id, pin } = agentRoutes.testDevice.request.parse(request.body);
    return testDevice({ id, pin, signal: hungUp(reply) });
  });
  app.post(agentRoutes.frame.path, { bodyLimit: maxFrameBytes }, async (request, reply) => {
    if (!(request.body instanceof Uint8Array)) throw new AppError('FILE_UNSUPPORTED');
    return reader.lookAtFrame(request.body, { signal: hungUp(reply), timeoutMs: frameTimeoutMs });
  });
}
