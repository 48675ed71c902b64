export const sideTabs = ['check', 'seal', 'form', 'operations', 'pushes'] as const;
export type SideTab = (typeof sideTabs)[number];
