/** Faults to plant in the guest's own view of the sources, as sed edits: what the check must find. */
export interface Plant {
  edit: string;
  file: string;
}

export const plants: Record<'station' | 'server', Record<string, Plant>> = {
  station: {
    /** The database's newest rows are left to the kernel. */
    'normal-rows': { edit: 's/fdatasyncSync(log)/undefined/', file: 'scanner-agent/store/open-store.ts' },
    /** Pages are renamed without having been written out. */
    'unsynced-pages': { edit: 's/await file.sync();//', file: 'scanner-agent/store/durable-file.ts' },
  },
  server: {
    'normal-rows': {
      edit: 's/await (await file).datasync();//',
      file: 'sync-server/store/durable-sqlite.ts',
    },
    'unsynced-pages': { edit: 's/await file.sync();//', file: 'sync-server/blobs/spool.ts' },
    /** A change is told to the station before it is durable, so that its number may be given again. */
    'early-changes': {
      edit: 's/if (isDirty \\&\\& /if (false \\&\\& /',
      file: 'sync-server/store/durable-sqlite.ts',
    },
  },
};
