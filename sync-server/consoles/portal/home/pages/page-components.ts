/** The component of every page that a portal may have beside its sections; it gets `page` as the programme declares it. */
import type { Component } from 'vue';
import type { PortalPageId } from '#domain/catalogue/portal.ts';
import CertificateList from './CertificateList.vue';
import NameApplicationPage from '../../name-application/NameApplicationPage.vue';
import OperatorsPage from '../../operators/OperatorsPage.vue';
import ReviewPage from '../../user-review/ReviewPage.vue';
import WorksPage from '../../works/WorksPage.vue';
import ChangeHistory from './ChangeHistory.vue';
import OwnAccount from './OwnAccount.vue';

export const pageComponents = {
  'change-history': ChangeHistory,
  certificates: CertificateList,
  'own-account': OwnAccount,
  works: WorksPage,
  operators: OperatorsPage,
  'operator-review': ReviewPage,
  'name-application': NameApplicationPage,
} satisfies Record<PortalPageId, Component>;
