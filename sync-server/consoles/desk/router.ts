import { createRouter, createWebHistory } from 'vue-router';
import type { Router } from 'vue-router';

/** Public pages need no account; every other leads to the sign-in page first, and back. */
export function createDeskRouter(options: {
  isSignedIn: () => Promise<boolean>;
  mustChangePassword: () => boolean;
}): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      {
        path: '/sign-in',
        name: 'sign-in',
        component: () => import('./views/SignInView.vue'),
        meta: { isPublic: true },
      },
      { path: '/', name: 'cases', component: () => import('./views/CasesView.vue') },
      { path: '/cases/:id', name: 'case', component: () => import('./views/CaseView.vue'), props: true },
      { path: '/usable', name: 'usable', component: () => import('./views/UsableView.vue') },
      { path: '/stations', name: 'stations', component: () => import('./fleet/StationsPage.vue') },
      { path: '/accounts', name: 'accounts', component: () => import('./accounts/AccountsView.vue') },
      { path: '/directory', name: 'directory', component: () => import('./accounts/DirectoryView.vue') },
      { path: '/logs', name: 'logs', component: () => import('./logs/LogsView.vue') },
      {
        path: '/sessions/:account?',
        name: 'sessions',
        component: () => import('./sessions/SessionsView.vue'),
        props: true,
      },
      { path: '/password', name: 'password', component: () => import('./views/PasswordView.vue') },
      {
        path: '/certificates/:uniqueCode?/:verificationCode?',
        name: 'credential',
        component: () => import('./views/CredentialView.vue'),
        meta: { isPublic: true },
      },
      {
        path: '/credentials/:number?',
        name: 'credential-number',
        component: () => import('./views/CredentialView.vue'),
        meta: { isPublic: true },
      },
      { path: '/:rest(.*)', redirect: '/' },
    ],
  });
  router.beforeEach(async (to) => {
    const isSignedIn = await options.isSignedIn();
    if (to.name === 'sign-in' && isSignedIn) return { name: 'cases' };
    if (isSignedIn && options.mustChangePassword() && to.name !== 'password' && to.meta['isPublic'] !== true)
      return { name: 'password', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
    if (to.meta['isPublic'] === true || isSignedIn) return true;
    return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  });
  return router;
}
