import type { InstitutionKind, PortalInstitutions } from '#domain/catalogue/portal-institutions.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';

/** What a programme's portal has for institutions. Throws NOT_FOUND where it has nothing. */
export type PlatformOf = (programme: string) => PortalInstitutions;

export const createPlatformOf =
  ({ programmes }: Pick<Catalogue, 'programmes'>): PlatformOf =>
  (programme) => {
    const found = programmes.find(({ id }) => id === programme)?.portal?.institutions;
    if (!found) throw new AppError('NOT_FOUND', { programme });
    return found;
  };

/** Throws NOT_FOUND. */
export function kindOf({ kinds }: PortalInstitutions, role: string): InstitutionKind {
  const kind = kinds.find((one) => one.role === role);
  if (!kind) throw new AppError('NOT_FOUND', { role });
  return kind;
}
