import { createAsyncAction } from '#ui/client/async-action.ts';
import { errorOf } from './server-failure.ts';

export const useAsyncAction = () => createAsyncAction(errorOf);
