import type { RouteRecordRaw } from 'vue-router';

/** Behind the sign-in of a portal. */
export const homeRoutes: RouteRecordRaw = {
  path: 'home',
  component: () => import('./PortalShell.vue'),
  children: [
    { path: '', name: 'home', component: () => import('./HomeView.vue') },
    {
      path: 'sections/:section',
      name: 'section',
      component: () => import('./SectionView.vue'),
      props: true,
    },
    {
      path: 'drafts/:id',
      name: 'draft',
      component: () => import('../records/DraftPage.vue'),
      props: true,
    },
    {
      path: 'records/:id',
      name: 'record',
      component: () => import('../records/RecordPage.vue'),
      props: true,
    },
    {
      path: 'pages/works/:id',
      name: 'work',
      component: () => import('../works/WorkPage.vue'),
      props: true,
    },
    { path: 'pages/:page', name: 'page', component: () => import('./PageView.vue'), props: true },
  ],
};
