/** What a person does to the documents of a batch. Pure; every function gives new documents, or the same where nothing fits. */
import type { BatchDocument } from './schema.ts';

type Documents = readonly BatchDocument[];

/** The document ends before this page; the rest becomes one of its own. */
export function splitBefore(documents: Documents, page: string): BatchDocument[] {
  return documents.flatMap((document) => {
    const at = document.pages.indexOf(page);
    if (at <= 0 || document.placed) return [document];
    return [
      { ...document, pages: document.pages.slice(0, at) },
      { id: page, pages: document.pages.slice(at) },
    ];
  });
}

/** The document joins the one before it. */
export function mergeWithPrevious(documents: Documents, id: string): BatchDocument[] {
  const at = documents.findIndex((document) => document.id === id);
  const [previous, document] = [documents[at - 1], documents[at]];
  if (!previous || !document || previous.placed || document.placed) return [...documents];
  return documents.flatMap((one) => {
    if (one === previous) return [{ ...previous, pages: [...previous.pages, ...document.pages] }];
    return one === document ? [] : [one];
  });
}

/** One place earlier or later, over the borders of documents that are not placed yet. */
export function movePage(documents: Documents, page: string, by: 1 | -1): BatchDocument[] {
  const at = documents.findIndex(({ pages }) => pages.includes(page));
  const document = documents[at];
  if (!document || document.placed) return [...documents];
  const inside = document.pages.indexOf(page);
  const target = inside + by;
  if (target >= 0 && target < document.pages.length) {
    const pages = document.pages.filter((id) => id !== page);
    pages.splice(target, 0, page);
    return documents.map((one) => (one === document ? { ...one, pages } : one));
  }
  const neighbour = documents[at + by];
  if (!neighbour || neighbour.placed) return [...documents];
  const moved = by === 1 ? [page, ...neighbour.pages] : [...neighbour.pages, page];
  return dropEmpty(
    documents.map((one) => {
      if (one === neighbour) return { ...one, pages: moved };
      return one === document ? { ...one, pages: one.pages.filter((id) => id !== page) } : one;
    }),
  );
}

/** The page is left out; it can be taken back. */
export function dropPage(documents: Documents, page: string): BatchDocument[] {
  return dropEmpty(
    documents.map((one) => (one.placed ? one : { ...one, pages: one.pages.filter((id) => id !== page) })),
  );
}

/** A page that was left out comes back: behind the page that came before it, or as a document of its own. */
export function takeBack(documents: Documents, page: string, arrival: readonly string[]): BatchDocument[] {
  if (documents.some(({ pages }) => pages.includes(page))) return [...documents];
  const before = arrival.slice(0, arrival.indexOf(page)).reverse();
  for (const id of before) {
    const document = documents.find(({ pages }) => pages.includes(id));
    if (!document) continue;
    if (document.placed) break;
    const pages = document.pages.flatMap((one) => (one === id ? [one, page] : [one]));
    return documents.map((one) => (one === document ? { ...one, pages } : one));
  }
  return [{ id: page, pages: [page] }, ...documents];
}

function dropEmpty(documents: BatchDocument[]): BatchDocument[] {
  return documents.filter(({ pages }) => pages.length > 0);
}
