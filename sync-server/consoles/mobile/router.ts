import { createRouter, createWebHistory } from 'vue-router';
import type { RouteLocationNormalized } from 'vue-router';

/** Under /m/ of the server. */
export const router = createRouter({
  history: createWebHistory('/m/'),
  routes: [
    { path: '/', name: 'home', component: () => import('./views/HomeView.vue') },
    {
      path: '/scan',
      name: 'scan',
      component: () => import('./views/ScanView.vue'),
      beforeEnter: loadAnew,
    },
    { path: '/:rest(.*)', redirect: '/' },
  ],
});

/** A page's policy comes with its document: WebAssembly is allowed to this page alone. */
function loadAnew(to: RouteLocationNormalized, from: RouteLocationNormalized): boolean {
  if (from.matched.length === 0) return true;
  window.location.assign(router.resolve(to).href);
  return false;
}
