/** The component of every page that a portal may have beside its sections; it gets `page` as the programme declares it. */
import type { Component } from 'vue';
import type { PortalPageId } from '#domain/catalogue/portal.ts';
import CertificateList from './CertificateList.vue';
import ChangeHistory from './ChangeHistory.vue';
import OwnAccount from './OwnAccount.vue';

export const pageComponents = {
  'change-history': ChangeHistory,
  certificates: CertificateList,
  'own-account': OwnAccount,
} satisfies Record<PortalPageId, Component>;
