import type { RouteRecordRaw } from 'vue-router';

/** A unit's back end. */
export const homeRoutes: RouteRecordRaw = {
  path: '/home',
  component: () => import('./HomeShell.vue'),
  children: [
    { path: '', component: () => import('./HomeView.vue') },
    { path: 'information', component: () => import('./InformationView.vue') },
    { path: 'handlers', component: () => import('./HandlersView.vue') },
    {
      path: 'handlers/:id/authorisation',
      component: () => import('./AuthorisationView.vue'),
      props: true,
    },
    { path: 'main-handler', component: () => import('./MainHandlerView.vue') },
    { path: 'logins', component: () => import('./LogView.vue'), props: { kind: 'login' } },
    { path: 'operations', component: () => import('./LogView.vue'), props: { kind: 'operation' } },
    { path: 'sessions', component: () => import('./SessionsView.vue') },
  ],
};
