import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn.ts";

interface BoxProps {
  id: string;
  title: ReactNode;
  /** Short words beside the title. */
  unit?: ReactNode;
  actions?: ReactNode;
  /** No padding around the body, for tables that reach the edges. */
  flush?: boolean;
  children: ReactNode;
}

/** A part of a request's page: a panel without a read of its own, since one read answers for the whole page. */
export function Box({ id, title, unit, actions, flush, children }: BoxProps) {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="min-w-0 scroll-mt-16 rounded-lg border border-hairline bg-panel"
    >
      <header className="flex min-h-11 flex-wrap items-center gap-x-2 gap-y-1 py-1.5 pr-2 pl-4">
        <h2 id={`${id}-title`} className="text-base font-semibold">
          {title}
        </h2>
        {unit && <span className="text-sm text-faint">{unit}</span>}
        {actions && <div className="ml-auto flex flex-wrap items-center gap-1">{actions}</div>}
      </header>
      <div className={cn(flush ? "pb-1" : "px-4 pb-4")}>{children}</div>
    </section>
  );
}
