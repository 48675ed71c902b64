import { createRouter, createWebHistory } from 'vue-router';

/** Under /m/ of the server. */
export const router = createRouter({
  history: createWebHistory('/m/'),
  routes: [
    { path: '/', name: 'home', component: () => import('./views/HomeView.vue') },
    { path: '/:rest(.*)', redirect: '/' },
  ],
});
