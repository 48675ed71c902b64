import { createPinia } from 'pinia';
import { z } from 'zod';
import { createApp } from 'vue';
import 'element-plus/dist/index.css';
import '#ui/tokens.css';
import '#ui/base.css';
import '../computer.css';
import App from './App.vue';
import { router } from './router.ts';

// The page's policy forbids eval; zod would try it, and the browser would report it.
z.config({ jitless: true });

createApp(App).use(createPinia()).use(router).mount('#app');
