import { createRouter, createWebHistory } from 'vue-router';
import { homeRoutes } from './home/routes.ts';
import { institutionPages } from './institutions/routes.ts';

/** Under /portal/ of the server. */
export const router = createRouter({
  history: createWebHistory('/portal/'),
  routes: [
    { path: '/', name: 'portals', component: () => import('./views/PortalsView.vue') },
    {
      path: '/:programme',
      component: () => import('./views/PortalFrame.vue'),
      props: true,
      children: [
        { path: '', name: 'entrance', component: () => import('./views/EntranceView.vue') },
        { path: 'login', name: 'login', component: () => import('./login/LoginView.vue') },
        {
          path: 'login/openid',
          name: 'openid-return',
          component: () => import('./login/ways/OpenidReturn.vue'),
          props: true,
        },
        {
          path: 'mobile-account',
          name: 'mobile-account',
          component: () => import('./registration/MobileAccountView.vue'),
          props: true,
        },
        {
          path: 'mobile-password',
          name: 'mobile-password',
          component: () => import('./registration/MobileAccountView.vue'),
          props: ({ params }) => ({ ...params, isForgotten: true }),
        },
        { path: 'drivers', name: 'drivers', component: () => import('./drivers/DriversView.vue') },
        { path: 'register', name: 'register', component: () => import('./registration/RegisterView.vue') },
        { path: 'password', name: 'password', component: () => import('./registration/PasswordDueView.vue') },
        { path: 'role', name: 'role', component: () => import('./views/RoleView.vue') },
        institutionPages,
        homeRoutes,
      ],
    },
    { path: '/:rest(.*)', redirect: '/' },
  ],
});
