/**
 * Lists that are given page by page.
 * @module
 */

/** The members of an answer that say which page it is; `shown` are its entries. */
export function paged<T>(
  all: T[],
  { page, pageSize }: { page: number; pageSize: number },
): { shown: T[]; members: Record<string, number> } {
  return {
    shown: all.slice((page - 1) * pageSize, page * pageSize),
    members: {
      Total: all.length,
      CurrentPage: page,
      PageSize: pageSize,
      PageCount: Math.ceil(all.length / pageSize),
    },
  };
}
