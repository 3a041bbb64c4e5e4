import type { ReadInput, ReadName } from "@/lib/client/reads.ts";

export const endedStates = ["done", "failed", "cancelled", "skipped"] as const;
export type EndedState = (typeof endedStates)[number];
export const jobScopes = ["here", "everywhere"] as const;
export type JobScope = (typeof jobScopes)[number];

export interface JobFilter {
  state: EndedState | null;
  name: string | null;
  person: string;
  /** `here`: the page's target and the console itself. */
  scope: JobScope;
  /** Id of the last row of the page before; null on the newest page. */
  before: string | null;
}

export const emptyFilter: Omit<JobFilter, "before" | "scope"> = { state: null, name: null, person: "" };

const jobPageRows = 25;
/** More than wait at once in any console; the rest is told as a count. */
const mostCurrent = 100;

const scopeInput = (scope: JobScope, target: string) => scope === "here" && { target, withConsole: true };

/** What runs or waits now; the same on the server and in the browser. */
export function currentInput(scope: JobScope, target: string): ReadInput<"jobs"> {
  return { states: ["running", "waiting"], limit: mostCurrent, ...scopeInput(scope, target) };
}

/** What has ended, a page at a time. */
export function endedInput(
  { state, name, person, scope, before }: JobFilter,
  target: string,
): ReadInput<"jobs"> {
  return {
    states: state ? [state] : [...endedStates],
    limit: jobPageRows,
    ...scopeInput(scope, target),
    ...(name && { name }),
    ...(person.trim() && { person: person.trim() }),
    ...(before && { before }),
  };
}

/** The page's reads for what its address asks for. */
export function jobsPageReads(
  search: Record<string, string | string[] | undefined>,
  target: string,
): { [N in ReadName]: readonly [name: N, input: ReadInput<N>] }[ReadName][] {
  const one = (name: string) => {
    const value = search[name];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  };
  if (one("view") === "schedules") return [["schedules", {}]];
  if (one("view") === "duties") return [["duties", {}]];
  const scope = jobScopes.find((each) => each === one("scope")) ?? "here";
  const filter: JobFilter = {
    state: endedStates.find((state) => state === one("state")) ?? null,
    name: one("kind"),
    person: one("q") ?? "",
    scope,
    before: one("before"),
  };
  const open = one("job");
  return [
    ["jobs", currentInput(scope, target)],
    ["jobs", endedInput(filter, target)],
    ...(open ? ([["job", { id: open }]] as const) : []),
  ];
}
