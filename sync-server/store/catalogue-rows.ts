import { withDocumentType } from '#domain/catalogue/earlier-names.ts';
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
      return row && withDocumentTypes(JSON.parse(row.body) as Catalogue);
    },
  };
}

/** A catalogue as an earlier server kept it; its hash stays that of what was kept. */
function withDocumentTypes(kept: Catalogue): Catalogue {
  if ('documentTypes' in kept) return kept;
  const { certificates, ...rest } = kept as Omit<Catalogue, 'documentTypes'> & {
    certificates: Catalogue['documentTypes'];
  };
  return {
    ...rest,
    documentTypes: certificates,
    programmes: rest.programmes.map((programme) => ({
      ...programme,
      recordKinds: programme.recordKinds.map((kind) => ({
        ...kind,
        materials: kind.materials.map((slot) => withDocumentType(slot) as typeof slot),
      })),
    })),
  };
}
