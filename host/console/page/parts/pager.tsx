/**
 * Lists in pages.
 * @module
 */
import { text } from "../text.ts";

interface PagerProps {
  /** From 0. */
  page: number;
  pages: number;
  onPage(page: number): void;
}

export function Pager({ page, pages, onPage }: PagerProps) {
  if (pages <= 1) return null;
  return (
    <nav class="pager" aria-label={text.app.pageOf(page + 1, pages)}>
      <button
        type="button"
        aria-label={text.app.previous}
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
      >
        ‹
      </button>
      <span>{text.app.pageOf(page + 1, pages)}</span>
      <button
        type="button"
        aria-label={text.app.next}
        disabled={page >= pages - 1}
        onClick={() => onPage(page + 1)}
      >
        ›
      </button>
    </nav>
  );
}
