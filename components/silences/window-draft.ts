import type { AdminInput } from "@/lib/admin.ts";
import type { TimeZone } from "@/lib/client/format-time.ts";
import { fromInputValue, toInputValue } from "@/lib/client/input-time.ts";
import type { WindowLine } from "@/lib/silences/types.ts";
import { type DraftMatcher, isWritten, matchersOf } from "./silence-draft.ts";

export interface WindowDraft {
  target: string;
  name: string;
  matchers: readonly DraftMatcher[];
  kind: "once" | "recurring";
  /** As the fields hold them. */
  from: string;
  to: string;
  cron: string;
  timeZone: string;
  minutes: string;
}

const hourMs = 3_600_000;

export function freshWindow(target: string, now: number, zone: TimeZone): WindowDraft {
  return {
    target,
    name: "",
    matchers: [],
    kind: "recurring",
    from: toInputValue(now + hourMs, zone),
    to: toInputValue(now + 2 * hourMs, zone),
    cron: "0 2 * * 0",
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    minutes: "120",
  };
}

export function draftOfWindow(line: WindowLine, now: number, zone: TimeZone): WindowDraft {
  const { target, name, when } = line;
  const matchers = line.matchers.map((matcher, key) => ({ ...matcher, key }));
  const fresh = { ...freshWindow(target, now, zone), name, matchers };
  if ("cron" in when) {
    const { cron, timeZone, minutes } = when;
    return { ...fresh, kind: "recurring", cron, timeZone, minutes: String(minutes) };
  }
  return {
    ...fresh,
    kind: "once",
    from: toInputValue(when.startsAt.getTime(), zone),
    to: toInputValue(when.endsAt.getTime(), zone),
  };
}

type When = AdminInput<"setMaintenanceWindow">["when"];

/** When it is; null while a field cannot be read. */
function whenOf(draft: WindowDraft, zone: TimeZone): When | null {
  if (draft.kind === "recurring") return recurringOf(draft);
  const [startsAt, endsAt] = [fromInputValue(draft.from, zone), fromInputValue(draft.to, zone)];
  return startsAt && endsAt ? { startsAt, endsAt } : null;
}

export function recurringOf({ cron, timeZone, minutes }: WindowDraft) {
  const count = Number(minutes);
  const sound = minutes.trim() !== "" && Number.isInteger(count) && count > 0;
  return sound && cron.trim() !== "" && timeZone.trim() !== ""
    ? { cron: cron.trim(), timeZone: timeZone.trim(), minutes: count }
    : null;
}

/** What the verb is asked for; null while something is missing. @param revision of the one that is changed, 0 for none */
export function windowOf(
  draft: WindowDraft,
  revision: number,
  zone: TimeZone,
): AdminInput<"setMaintenanceWindow"> | null {
  const when = whenOf(draft, zone);
  const name = draft.name.trim();
  if (!when || name === "" || !isWritten(draft.matchers)) return null;
  return { target: draft.target, name, matchers: matchersOf(draft.matchers), when, revision };
}
