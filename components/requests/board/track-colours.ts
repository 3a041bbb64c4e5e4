import type { State } from "@/components/ui/state-badge.tsx";

/** Of the days that are left, by how few they are. */
export const trackColours: Record<State, string> = {
  ok: "var(--series-5)",
  notice: "var(--series-5)",
  warning: "var(--warning)",
  critical: "var(--critical)",
  unknown: "var(--unknown)",
};
