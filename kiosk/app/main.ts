import { z } from 'zod';

// The page's policy forbids eval; zod tries it when a schema is made, and the browser reports every try. So this comes
// before any module that makes schemas is loaded.
z.config({ jitless: true });

const { startPage } = await import('./start-page.ts');
await startPage();
