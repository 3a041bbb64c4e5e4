import type { ReactNode } from "react";
import { Mark } from "@/components/shell/mark";

interface EntryFrameProps {
  title: string;
  lead: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}

/** The room before the control room: one quiet column, the same for signing in and for a new password. */
export function EntryFrame({ title, lead, children, foot }: EntryFrameProps) {
  return (
    <main className="relative grid min-h-dvh grid-rows-[1fr_auto] justify-items-center px-5">
      <LedgerLines />
      <div className="relative w-full max-w-90 self-center py-10">
        <div className="mb-8 flex items-center gap-2.5">
          <Mark />
          <span className="text-lg font-semibold tracking-tight">Audit DB</span>
        </div>
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        <p className="mt-1.5 mb-6 text-base text-muted">{lead}</p>
        <div className="rounded-lg border border-hairline bg-panel p-5 sm:p-6">{children}</div>
        {foot && <div className="mt-5 text-sm text-muted">{foot}</div>}
      </div>
      <p className="relative py-5 text-xs text-faint">Everything done here is itself an audit event.</p>
    </main>
  );
}

/** Rows of a ledger that fade towards the form: the product's subject, barely there. */
function LedgerLines() {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute inset-0 overflow-hidden [mask-image:radial-gradient(ellipse_75%_60%_at_50%_45%,transparent_35%,black)]"
    >
      <div className="absolute inset-0 [background-image:linear-gradient(to_bottom,var(--hairline)_1px,transparent_1px)] [background-size:100%_40px]" />
    </div>
  );
}
