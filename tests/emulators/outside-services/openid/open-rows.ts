/** What the provider remembers of sign-ins that are under way: nothing of it outlives the program. */
interface Row {
  jti?: string;
  uid?: string;
  grantId?: string;
  consumed?: number;
}

const maxRows = 1_000;

/** One for each kind of thing, as `oidc-provider` wants them. */
export function openRows() {
  const rows = new Map<string, { payload: Row; untilMs: number }>();
  const keyOf = (kind: string, id: string): string => `${kind} ${id}`;
  const read = (key: string): Row | undefined => {
    const row = rows.get(key);
    return row && row.untilMs > Date.now() ? row.payload : undefined;
  };

  return (kind: string) => ({
    async upsert(id: string, payload: Row, expiresInS = 3_600): Promise<void> {
      rows.set(keyOf(kind, id), { payload, untilMs: Date.now() + expiresInS * 1000 });
      const [oldest] = rows.keys();
      if (rows.size > maxRows && oldest !== undefined) rows.delete(oldest);
    },
    find: async (id: string): Promise<Row | undefined> => read(keyOf(kind, id)),
    async findByUid(uid: string): Promise<Row | undefined> {
      const found = [...rows].find(([key, { payload }]) => key.startsWith(`${kind} `) && payload.uid === uid);
      return found && read(found[0]);
    },
    // no device signs in here
    findByUserCode: async (): Promise<undefined> => undefined,
    async consume(id: string): Promise<void> {
      const row = read(keyOf(kind, id));
      if (row) row.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id: string): Promise<void> {
      rows.delete(keyOf(kind, id));
    },
    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, { payload }] of rows)
        if (key.startsWith(`${kind} `) && payload.grantId === grantId) rows.delete(key);
    },
  });
}
