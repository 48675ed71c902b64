/** Every message between the pages for phones and the server, once. */
import type { ServerRoutes } from '../route.ts';
import { mobileSessionRoutes } from './session.ts';
import { todoRoutes } from './todos.ts';

export const mobileRoutes = { ...mobileSessionRoutes, ...todoRoutes } as const satisfies ServerRoutes;
