/** The component of every page that a portal may have beside its sections; it gets `page` as the programme declares it. */
import type { Component } from 'vue';
import type { PortalPageId } from '#domain/catalogue/portal.ts';
import ChangeHistory from './ChangeHistory.vue';

export const pageComponents = { 'change-history': ChangeHistory } satisfies Record<PortalPageId, Component>;
