import { createRouter, createWebHistory } from 'vue-router';
import type { RouteLocationNormalized, RouteLocationRaw } from 'vue-router';
import { usePerson } from './stores/person.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** For whoever comes. */
    isPublic?: true;
    /** One of those that the bar below leads to. */
    isTab?: true;
  }
}

/** Under /m/ of the server. */
export const router = createRouter({
  history: createWebHistory('/m/'),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/', name: 'home', component: () => import('./views/HomeView.vue'), meta: { isTab: true } },
    {
      ...{ path: '/sign-in', name: 'sign-in', meta: { isPublic: true } },
      component: () => import('./views/SignInView.vue'),
    },
    {
      ...{ path: '/agreements/:id', name: 'agreement', meta: { isPublic: true }, props: true },
      component: () => import('./views/AgreementView.vue'),
    },
    {
      ...{ path: '/new-agreements', name: 'new-agreements' },
      component: () => import('./views/NewAgreementsView.vue'),
    },
    { path: '/real-name', name: 'real-name', component: () => import('./views/RealNameView.vue') },
    { path: '/face/:id', name: 'face', component: () => import('./views/FaceView.vue'), props: true },
    { path: '/todos', name: 'todos', component: () => import('./views/TodosView.vue') },
    { path: '/todos/:id', name: 'todo', component: () => import('./views/TodoView.vue'), props: true },
    {
      ...{ path: '/notices', name: 'notices', meta: { isTab: true } },
      component: () => import('./views/NoticesView.vue'),
    },
    { path: '/mine', name: 'mine', component: () => import('./views/MineView.vue'), meta: { isTab: true } },
    { path: '/mine/erasure', name: 'erasure', component: () => import('./views/ErasureView.vue') },
    {
      path: '/scan',
      name: 'scan',
      component: () => import('./views/ScanView.vue'),
      beforeEnter: loadAnew,
    },
    { path: '/:rest(.*)', redirect: '/' },
  ],
});

router.beforeEach(whereTo);

/** Nobody sees a page of one's own before being known, nor goes on before agreeing to what is new. */
async function whereTo(to: RouteLocationNormalized): Promise<RouteLocationRaw | true> {
  if (to.meta.isPublic) return true;
  const person = usePerson();
  try {
    const view = person.view ?? (await person.load());
    if (!view) return { name: 'sign-in', query: { next: to.fullPath } };
    if (view.due.length > 0 && to.name !== 'new-agreements')
      return { name: 'new-agreements', query: { next: to.fullPath } };
  } catch {
    // the page itself says that there is no line
  }
  return true;
}

/** A page's policy comes with its document: WebAssembly is allowed to this page alone. */
function loadAnew(to: RouteLocationNormalized, from: RouteLocationNormalized): boolean {
  if (from.matched.length === 0) return true;
  window.location.assign(router.resolve(to).href);
  return false;
}
