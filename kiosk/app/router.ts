import { createRouter, createWebHashHistory } from 'vue-router';
import type { Router } from 'vue-router';

/** Hash addresses: the page works from any folder, behind any static server. */
export function createKioskRouter(options: { mayEnter: (name: string) => string | undefined }): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'welcome', component: () => import('./stages/WelcomeStage.vue') },
      { path: '/role', name: 'role', component: () => import('./stages/RoleStage.vue') },
      {
        path: '/section/:section/:kind?',
        name: 'section',
        component: () => import('./stages/SectionStage.vue'),
      },
      { path: '/file/:id/:kind', name: 'file', component: () => import('./stages/FileStage.vue') },
      { path: '/record/:id', name: 'record', component: () => import('./stages/RecordStage.vue') },
      { path: '/record/:id/:slot', name: 'material', component: () => import('./stages/MaterialStage.vue') },
      { path: '/stack', name: 'stack', component: () => import('./stages/BatchStage.vue') },
      { path: '/devices', name: 'devices', component: () => import('./stages/DevicesStage.vue') },
      { path: '/:rest(.*)', redirect: '/' },
    ],
  });
  router.beforeEach((to) => options.mayEnter(String(to.name)) ?? true);
  return router;
}
