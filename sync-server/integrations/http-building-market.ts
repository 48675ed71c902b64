import { buildingMarketService } from '#domain/contracts/outside/building-market.ts';
import type { BuildingMarket } from '../ports/outside/building-market.ts';
import { createJsonService } from './json-service.ts';
import type { ServicePlace } from './json-service.ts';

/** Somebody waits at a counter, and a station takes a longer silence of its line for a broken one. */
const maxWaitMs = 5_000;

export function createHttpBuildingMarket(place: ServicePlace): BuildingMarket {
  const timeoutMs = Math.min(place.timeoutMs, maxWaitMs);
  const service = createJsonService(buildingMarketService.name, { ...place, timeoutMs });
  const { find } = buildingMarketService.operations;
  return {
    async find(asked) {
      // an answer about another unit is none
      const ofThisUnit = find.answer.refine(({ creditCode }) => creditCode === asked.creditCode);
      const { total, certificates } = await service.ask(find, { body: asked, answer: ofThisUnit });
      return { total: Math.max(total, certificates.length), certificates };
    },
  };
}
