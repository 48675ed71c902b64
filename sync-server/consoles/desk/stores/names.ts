import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { ownStation } from '#domain/sync/own-station.ts';
import type { StationRow } from '../stations/station-row.ts';
import { useServer } from '../server/provide-server.ts';

/** Names of what cases only know by id: programmes, fields, kinds, stations. Without them the id is shown. */
export const useNames = defineStore('names', () => {
  const server = useServer();
  const catalogue = shallowRef<Catalogue | undefined>();
  const stations = shallowRef<readonly StationRow[]>([]);

  async function load(): Promise<void> {
    [catalogue.value, stations.value] = await Promise.all([server.catalogue(), server.stations()]);
  }
  async function reloadStations(): Promise<void> {
    stations.value = await server.stations();
  }
  function clear(): void {
    catalogue.value = undefined;
    stations.value = [];
  }
  const programmeOf = (id: string) => catalogue.value?.programmes.find((programme) => programme.id === id);
  const kindOf = (programme: string, kind: string) =>
    programmeOf(programme)?.recordKinds.find(({ id }) => id === kind);
  const documentTypeOf = (id: string) =>
    catalogue.value?.documentTypes.find((documentType) => documentType.id === id);
  const workflowOf = (id: string) => catalogue.value?.workflows.find((workflow) => workflow.id === id);
  const pushFieldName = (programme: string, field: string): string =>
    programmeOf(programme)?.pushFields.find(({ id }) => id === field)?.name ?? field;
  const stationName = (id: string): string =>
    id === ownStation.id
      ? ownStation.name
      : (stations.value.find((station) => station.id === id)?.name ?? id);

  return {
    catalogue,
    stations,
    load,
    reloadStations,
    clear,
    programmeOf,
    kindOf,
    documentTypeOf,
    workflowOf,
    pushFieldName,
    stationName,
  };
});
