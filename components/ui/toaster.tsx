"use client";

/**
 * Shows lib/client/notices. Not sonner: it inserts a style element without a nonce, which the console's content
 * security policy refuses.
 */
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { notices, type Toast } from "@/lib/client/notices.ts";
import { Button, IconButton } from "./button.tsx";
import { cn } from "./cn.ts";

const icons = {
  ok: <CircleCheck className="size-4 text-ok" aria-hidden />,
  notice: <Info className="size-4 text-notice" aria-hidden />,
  critical: <CircleAlert className="size-4 text-critical" aria-hidden />,
};

export function Toaster() {
  const { toasts, reloadNeeded } = useSyncExternalStore(notices.subscribe, notices.get, notices.get);
  return (
    <section
      aria-label="Messages"
      className="pointer-events-none fixed right-4 bottom-16 z-60 flex w-90 max-w-[calc(100vw-2rem)] flex-col gap-2 sm:bottom-4"
    >
      {reloadNeeded && (
        <div role="alert" className={cn(box, "flex items-center gap-3")}>
          <span className="min-w-0 grow text-sm">The console was updated. Reload to go on.</span>
          <Button size="sm" variant="primary" onClick={() => window.location.reload()}>
            Reload
          </Button>
        </div>
      )}
      {toasts.map((toast) => (
        <ToastBox key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

const box =
  "pointer-events-auto animate-appear rounded-lg border border-hairline-strong bg-raised px-3.5 py-3 shadow-raised";

function ToastBox({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const hold = () => setHeld(true);
    const letGo = () => setHeld(box.matches(":hover, :focus-within"));
    const listeners = { pointerenter: hold, focusin: hold, pointerleave: letGo, focusout: letGo };
    for (const [name, listener] of Object.entries(listeners)) box.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) box.removeEventListener(name, listener);
    };
  }, []);
  useEffect(() => {
    if (held || !Number.isFinite(toast.durationMs)) return;
    const timer = setTimeout(() => notices.close(toast.id), toast.durationMs);
    return () => clearTimeout(timer);
  }, [held, toast]);
  const { action } = toast;
  return (
    <div ref={ref} role={toast.kind === "critical" ? "alert" : "status"} className={cn(box, "flex gap-2.5")}>
      <span className="pt-0.5">{icons[toast.kind]}</span>
      <div className="min-w-0 grow">
        <p className="text-sm font-medium break-words">{toast.title}</p>
        {toast.description && <p className="mt-0.5 text-sm break-words text-muted">{toast.description}</p>}
        {action &&
          (action.href ? (
            <a
              href={action.href}
              className="mt-1.5 inline-block text-sm font-medium text-accent hover:underline"
            >
              {action.label}
            </a>
          ) : (
            <button
              type="button"
              onClick={action.onClick}
              className="mt-1.5 text-sm font-medium text-accent hover:underline"
            >
              {action.label}
            </button>
          ))}
      </div>
      <IconButton label="Close message" size="sm" onClick={() => notices.close(toast.id)}>
        <X />
      </IconButton>
    </div>
  );
}
