import type { ReadInput } from "@/lib/client/reads.ts";

export const outcomes = ["success", "refused", "failed", "unknown"] as const;
export type Outcome = (typeof outcomes)[number];

/** What actions begin with, and what that is called. */
export const activityKinds = {
  "sign-in": "Signing in",
  "user.": "People",
  "token.": "API tokens",
  "session.": "Sessions",
  "password.": "Passwords",
  "approval.": "Approvals",
  "job.": "Jobs",
  "schedule.": "Schedules",
  "check.": "Checks",
} as const;
export type ActivityKind = keyof typeof activityKinds;

export interface ActivityFilter {
  kind: ActivityKind | null;
  outcome: Outcome | null;
  text: string;
  /** Id of the last row of the page before; null on the newest page. */
  before: string | null;
}

const activityPageRows = 50;

/** What the log asks, the same on the server and in the browser. */
export function activityInput({ kind, outcome, text, before }: ActivityFilter): ReadInput<"activity"> {
  return {
    limit: activityPageRows,
    ...(kind && { action: kind }),
    ...(outcome && { outcome }),
    ...(text.trim() && { text: text.trim() }),
    ...(before && { before }),
  };
}

export function filterOfSearch(search: Record<string, string | string[] | undefined>): ActivityFilter {
  const one = (name: string) => {
    const value = search[name];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  };
  const kind = one("kind");
  return {
    kind: kind !== null && Object.hasOwn(activityKinds, kind) ? (kind as ActivityKind) : null,
    outcome: outcomes.find((outcome) => outcome === one("outcome")) ?? null,
    text: one("q") ?? "",
    before: one("before"),
  };
}
