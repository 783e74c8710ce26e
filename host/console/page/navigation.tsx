/**
 * Paths of the page: which view is shown, and links between views.
 * @module
 */
import { signal } from "@preact/signals";
import type { ComponentChildren, TargetedMouseEvent } from "preact";

/** Parts of the path, decoded. */
export const route = signal<string[]>(parse());

function parse(): string[] {
  return location.pathname.split("/").filter(Boolean).map(decode);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** `/devices/a/b`, encoded. */
export function pathOf(...parts: string[]): string {
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

export function navigate(path: string): void {
  history.pushState(undefined, "", path);
  route.value = parse();
  scrollTo(0, 0);
}

addEventListener("popstate", () => {
  route.value = parse();
});

interface LinkProps {
  to: string;
  class?: string;
  /** Whether it leads to what is shown. */
  isCurrent?: boolean;
  children: ComponentChildren;
}

export function Link({ to, isCurrent = false, children, ...rest }: LinkProps) {
  const follow = (event: TargetedMouseEvent<HTMLAnchorElement>) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} onClick={follow} aria-current={isCurrent ? "page" : undefined} {...rest}>
      {children}
    </a>
  );
}
