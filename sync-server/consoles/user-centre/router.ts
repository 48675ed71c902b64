import { createRouter, createWebHistory } from 'vue-router';
import { homeRoutes } from './home/routes.ts';

/** Under /user-centre/ of the server. */
export const router = createRouter({
  history: createWebHistory('/user-centre/'),
  routes: [
    { path: '/', name: 'entrance', component: () => import('./views/EntranceView.vue') },
    { path: '/login', name: 'login', component: () => import('./views/LoginView.vue') },
    { path: '/register', name: 'types', component: () => import('./views/AccountTypesView.vue') },
    { path: '/register/form', name: 'form', component: () => import('./views/RegistrationView.vue') },
    {
      path: '/register/confirmation',
      name: 'confirmation',
      component: () => import('./views/ConfirmationView.vue'),
    },
    { path: '/register/resume', name: 'resume', component: () => import('./views/ResumeView.vue') },
    { path: '/guide', name: 'guide', component: () => import('./views/GuideView.vue') },
    homeRoutes,
    {
      path: '/systems/:programme',
      name: 'system',
      component: () => import('./views/SystemView.vue'),
      props: true,
    },
    {
      path: '/systems/:programme/inside',
      name: 'programme',
      component: () => import('./views/ProgrammeView.vue'),
      props: true,
    },
    { path: '/:rest(.*)', redirect: '/' },
  ],
});
