/** Port: every catalogue this server ever ran with, so that a record is judged by the one its check was made with. */
import type { Catalogue } from '#domain/catalogue/schema.ts';

export interface CatalogueRows {
  add(catalogue: Catalogue, at: string): Promise<void>;
  find(hash: string): Promise<Catalogue | undefined>;
}
