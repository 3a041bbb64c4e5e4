/**
 * Things the whole page must know and that no panel can mend: the build changed under it, or a message passes.
 * A store of its own because reads and actions fail outside of React.
 */
type Listener = () => void;

export interface Toast {
  id: number;
  kind: "ok" | "notice" | "critical";
  title: string;
  description?: string;
  action?: { label: string; href?: string; onClick?: () => void };
  /** Milliseconds; critical ones stay until closed. */
  durationMs: number;
}

interface Notices {
  toasts: readonly Toast[];
  /** A newer build is being served: the page's actions are no longer known. */
  reloadNeeded: boolean;
}

let state: Notices = { toasts: [], reloadNeeded: false };
let lastId = 0;
const listeners = new Set<Listener>();

function change(next: Partial<Notices>) {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
}

export const notices = {
  subscribe(listener: Listener) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  get: () => state,
  reload: () => change({ reloadNeeded: true }),
  close: (id: number) => change({ toasts: state.toasts.filter((toast) => toast.id !== id) }),
};

type ToastOptions = Partial<Pick<Toast, "description" | "action" | "durationMs">>;

function show(kind: Toast["kind"], title: string, options: ToastOptions = {}) {
  lastId += 1;
  const durationMs = options.durationMs ?? (kind === "critical" ? Number.POSITIVE_INFINITY : 6_000);
  change({ toasts: [...state.toasts.slice(-3), { id: lastId, kind, title, ...options, durationMs }] });
  return lastId;
}

/** Passing messages: `toast.ok("Token created")`, `toast.critical("…", { description })`. */
export const toast = {
  ok: (title: string, options?: ToastOptions) => show("ok", title, options),
  notice: (title: string, options?: ToastOptions) => show("notice", title, options),
  critical: (title: string, options?: ToastOptions) => show("critical", title, options),
};
