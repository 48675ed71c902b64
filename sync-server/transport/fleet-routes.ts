import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { serverRoutes } from '#domain/contracts/desk/routes.ts';
import { stationIdSchema } from '#domain/contracts/station/enrolment.ts';
import { stationSettingsSchema } from '#domain/sync/fleet.ts';
import type { DeskAccounts } from '../services/desk-accounts.ts';
import type { Fleet } from '../services/fleet.ts';
import { readToken } from './desk-routes.ts';
import { parseInput } from './http-server.ts';

const idSchema = z.object({ id: stationIdSchema });

/** All stations and their settings, for those who look after them. */
export function addFleetRoutes(
  app: FastifyInstance,
  { accounts, fleet }: { accounts: DeskAccounts; fleet: Fleet },
): void {
  app.get(serverRoutes.fleet.path, async (request) => fleet.list(await accounts.whoIs(readToken(request))));
  app.put(serverRoutes.changeStation.path, async (request) => {
    const account = await accounts.whoIs(readToken(request));
    const { id } = parseInput(idSchema, request.params);
    return fleet.changeSettings(account, id, parseInput(stationSettingsSchema, request.body));
  });
  app.get(serverRoutes.findings.path, async (request) => {
    const account = await accounts.whoIs(readToken(request));
    return fleet.findings(account, parseInput(idSchema, request.params).id);
  });
  app.post(serverRoutes.acknowledge.path, async (request) => {
    const account = await accounts.whoIs(readToken(request));
    const { id } = parseInput(idSchema, request.params);
    return fleet.acknowledge(account, id, parseInput(serverRoutes.acknowledge.request, request.body));
  });
}
