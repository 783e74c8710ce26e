/**
 * Fetches what a view shows.
 * @module
 */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { get } from "./api.ts";

export interface Loaded<T> {
  /** Absent until it has come. */
  data: T | undefined;
  /** Why it could not be fetched. */
  error: string | undefined;
  /** Changes what is there, as something newer is known. */
  change(change: (data: T) => T): void;
  /** Fetches again; what is there stays until then. */
  reload(): void;
}

/** Fetches a path of the API, and again when it is another one. */
export function useLoad<T>(path: string): Loaded<T> {
  const [state, setState] = useState<{ path: string; data?: T; error?: string }>({ path });
  const turn = useRef(0);

  const reload = useCallback(() => {
    const own = ++turn.current;
    get<T>(path).then(
      (data) => {
        if (own === turn.current) setState({ path, data });
      },
      (error: Error) => {
        if (own !== turn.current) return;
        setState((old) => ({ ...(old.path === path ? old : { path }), error: error.message }));
      },
    );
  }, [path]);
  const change = useCallback((change: (data: T) => T) => {
    setState((old) => (old.data === undefined ? old : { ...old, data: change(old.data) }));
  }, []);

  useEffect(reload, [reload]);
  const isCurrent = state.path === path;
  return {
    data: isCurrent ? state.data : undefined,
    error: isCurrent ? state.error : undefined,
    change,
    reload,
  };
}
