/// <reference types="vite/client" />

// For tools that read TypeScript alone; vue-tsc looks into the component itself.
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
