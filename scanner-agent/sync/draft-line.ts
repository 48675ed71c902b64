/** Drafts of portals on their way to this counter and back. */
import { carriedDraftsSince } from '#domain/sync/carried-draft.ts';
import { filePieceBytes } from '#domain/sync/subject-feed.ts';
import type { DraftLine } from '../ports/link.ts';
import { fetchPieces } from './fetch-pieces.ts';
import { createSubjectLine } from './subject-line.ts';
import type { WhereSeen } from './subject-line.ts';

export function createDraftLine(whereSeen: WhereSeen): DraftLine {
  const within = createSubjectLine(whereSeen, {
    since: carriedDraftsSince,
    codes: {
      'no-line': 'DRAFT_NO_LINE',
      'needs-key': 'DRAFT_NEEDS_KEY',
      'not-supported': 'DRAFT_NOT_SUPPORTED',
    },
  });

  return {
    take: (asked) => within((session, audience) => session.takeDraft({ ...asked, audience })),
    give: (given) => within((session, audience) => session.giveDraft({ ...given, audience })),
    file: (wanted) =>
      within((session, audience) => fetchPieces((off) => session.draftFile({ ...wanted, audience, off }))),
    send: ({ bytes, ...file }) =>
      within(async (session, audience) => {
        for (let off = 0; off < bytes.length; off += filePieceBytes)
          await session.draftPiece({
            ...{ ...file, audience, off, size: bytes.length },
            buf: bytes.subarray(off, off + filePieceBytes),
          });
      }),
  };
}
