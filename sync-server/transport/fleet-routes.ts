import { fleetRoutes } from '#domain/contracts/desk/fleet.ts';
import type { Fleet } from '../services/stations/fleet.ts';
import type { Serve } from './serve.ts';

/** All stations and their settings, for those who look after them; their names for everybody at the desk. */
export function addFleetRoutes(serve: Serve, { fleet }: { fleet: Fleet }): void {
  serve(fleetRoutes.stations, ({ actor }) => fleet.names(actor));
  serve(fleetRoutes.fleet, ({ actor }) => fleet.list(actor));
  serve(fleetRoutes.changeStation, ({ actor, params, body }) => fleet.changeSettings(actor, params.id, body));
  serve(fleetRoutes.findings, ({ actor, params }) => fleet.findings(actor, params.id));
  serve(fleetRoutes.acknowledge, ({ actor, params, body }) => fleet.acknowledge(actor, params.id, body));
}
