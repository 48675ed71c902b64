import type { RecordKind } from '#domain/catalogue/schema.ts';

/** One material and no form of its own: the record IS its material's page. */
export function isSingleMaterial(kind: RecordKind): boolean {
  return kind.materials.length === 1 && kind.form.length === 0;
}

export function pathOfRecord(id: string, kind: RecordKind): string {
  const [first] = kind.materials;
  return isSingleMaterial(kind) && first ? `/record/${id}/${first.id}` : `/record/${id}`;
}
