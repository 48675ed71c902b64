import { createRouter, createWebHistory } from 'vue-router';

/** Under /user-centre/ of the server. */
export const router = createRouter({
  history: createWebHistory('/user-centre/'),
  routes: [
    { path: '/', name: 'entrance', component: () => import('./views/EntranceView.vue') },
    { path: '/:rest(.*)', redirect: '/' },
  ],
});
