/** Where the record has no paper, three of them. */
export const tabsWithoutPaper = ['form', 'operations', 'pushes'] as const;
export const sideTabs = ['check', 'seal', 'form', 'operations', 'pushes'] as const;
export type SideTab = (typeof sideTabs)[number];
