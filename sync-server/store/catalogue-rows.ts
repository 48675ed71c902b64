import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { CatalogueRows } from '../ports/catalogue-rows.ts';
import type { Db } from './open-store.ts';

export function createCatalogueRows(db: Db): CatalogueRows {
  return {
    async add(catalogue, at) {
      await db
        .insertInto('catalogue')
        .values({ hash: catalogue.hash, body: JSON.stringify(catalogue), loaded_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async find(hash) {
      const row = await db.selectFrom('catalogue').select('body').where('hash', '=', hash).executeTakeFirst();
      // written by `add` only, from a checked catalogue
      return row && (JSON.parse(row.body) as Catalogue);
    },
  };
}
