import type { ReactNode } from "react";
import { StateIcon } from "@/components/ui/state-badge.tsx";

/** Something the whole page stands under. */
export function Banner({ children }: { children: ReactNode }) {
  return (
    <div
      role="alert"
      className="mb-4 flex items-start gap-2.5 rounded-lg border border-critical bg-critical-soft px-4 py-2.5 text-sm"
    >
      <StateIcon state="critical" className="mt-px" />
      <p className="min-w-0 break-words">{children}</p>
    </div>
  );
}
