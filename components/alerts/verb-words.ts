import type { IncidentLine } from "@/lib/alerts/types.ts";

export type Verb = "acknowledge" | "unacknowledge" | "snooze" | "comment" | "close";

/** Whether it can be done to an incident as it stands; the server decides anew. */
export function mayBe(verb: Verb, { state, condition }: Pick<IncidentLine, "state" | "condition">): boolean {
  if (verb === "comment") return true;
  if (state === "closed") return false;
  switch (verb) {
    case "acknowledge":
      return condition === "firing" && state !== "acknowledged";
    case "unacknowledge":
      return state !== "open";
    case "snooze":
      return condition === "firing";
    case "close":
      return true;
  }
}

const past: Record<Verb | "assign", string> = {
  acknowledge: "acknowledged",
  unacknowledge: "taken back",
  snooze: "snoozed",
  comment: "commented on",
  close: "closed",
  assign: "assigned",
};

/** "3 incidents acknowledged" */
export function doneWords(verb: Verb | "assign", count: number): string {
  return `${count === 1 ? "Incident" : `${count} incidents`} ${past[verb]}`;
}
