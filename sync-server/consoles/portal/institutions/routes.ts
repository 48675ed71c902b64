import type { RouteRecordRaw } from 'vue-router';

/** Behind a unit's key at a platform's door. */
export const institutionPages: RouteRecordRaw = {
  path: 'institutions',
  component: () => import('./InstitutionFrame.vue'),
  children: [
    { path: '', name: 'institutions', component: () => import('./InstitutionsView.vue') },
    {
      path: 'register/:role',
      name: 'institution-register',
      component: () => import('./InstitutionRegisterView.vue'),
      props: true,
    },
    {
      path: 'bind/:role',
      name: 'institution-bind',
      component: () => import('./InstitutionBindView.vue'),
      props: true,
    },
    { path: 'systems', name: 'institution-systems', component: () => import('./InstitutionSystemsView.vue') },
  ],
};
