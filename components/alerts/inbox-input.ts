import type { AlertSeverity } from "@/lib/alerting/alert.ts";
import type { IncidentState } from "@/lib/alerting/incident.ts";
import type { ReadInput } from "@/lib/client/reads.ts";

/** In the order in which something passes through them. */
export const inboxStates = ["open", "acknowledged", "snoozed", "closed"] as const satisfies IncidentState[];
export const severities = ["critical", "warning", "notice"] as const satisfies AlertSeverity[];
export const inboxScopes = ["here", "everywhere"] as const;

export interface InboxFilter {
  state: IncidentState;
  severity: AlertSeverity | null;
  check: string | null;
  /** `me`, `nobody` or somebody's id. */
  assignee: string | null;
  text: string;
  /** `here`: the page's target. */
  scope: (typeof inboxScopes)[number];
  /** How many rows stand before the page. */
  offset: number;
}

export const emptyFilter = { severity: null, check: null, assignee: null, text: "" } as const;

export function isFiltered({ severity, check, assignee, text }: InboxFilter): boolean {
  return severity !== null || check !== null || assignee !== null || text !== "";
}

export const inboxPageRows = 50;

/** A page of the list; the same on the server and in the browser. */
export function inboxInput(filter: InboxFilter, target: string): ReadInput<"incidents"> {
  const { state, severity, check, assignee, text, scope, offset } = filter;
  return {
    states: [state],
    order: state === "closed" ? "changed" : "worst",
    limit: inboxPageRows,
    ...(scope === "here" && { target }),
    ...(severity && { severities: [severity] }),
    ...(check && { check }),
    ...(assignee && { assignee }),
    ...(text.trim() && { q: text.trim() }),
    ...(offset > 0 && { offset }),
  };
}

/** What waits for somebody, on every target. */
export const openInput: ReadInput<"incidents"> = { states: ["open"], limit: 20 };

/** What is not over on a target, for its Overview. */
export const standingInput = (target: string): ReadInput<"incidents"> => ({
  states: ["open", "acknowledged", "snoozed"],
  target,
  limit: 20,
});

/** The filter that a page's search asks for. */
export function inboxFilterOf(search: Record<string, string | string[] | undefined>): InboxFilter {
  const one = (name: string) => {
    const value = search[name];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  };
  return {
    state: inboxStates.find((each) => each === one("state")) ?? "open",
    severity: severities.find((each) => each === one("severity")) ?? null,
    check: one("check"),
    assignee: one("assignee"),
    text: one("q") ?? "",
    scope: inboxScopes.find((each) => each === one("scope")) ?? "here",
    offset: Math.max(0, Math.trunc(Number(one("offset"))) || 0),
  };
}
