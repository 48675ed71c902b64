/** The server's own entry among the stations: what is filed in a browser hangs on it. No station can have such an id. */
export const ownStation = { id: '_browsers', name: '网上办理' } as const;
