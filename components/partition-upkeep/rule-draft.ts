import type { ReadInput } from "@/lib/client/reads.ts";
import type { Upkeep } from "@/lib/upkeep/get-upkeep.ts";

export type Rule = NonNullable<ReadInput<"upkeepPreview">["rule"]>;

export const units = ["hour", "day", "week", "month", "quarter", "year", "number"] as const;
export type UnitChoice = "learned" | (typeof units)[number];

/** A rule while it is being written: as text, so that what is half typed stays. */
export interface RuleDraft {
  unit: UnitChoice;
  count: string;
  /** Bounds lie at midnight there; empty, as with the next two: learned. */
  cutZone: string;
  naming: string;
  /** What an integer, uuid or text key means. */
  key: string;
  /** Empty: the newest partition's. */
  tablespace: string;
  ahead: string;
  cron: string;
  timeZone: string;
  from: string;
  to: string;
  lockTimeoutMs: string;
}

export const freshDraft: RuleDraft = {
  unit: "learned",
  count: "1",
  cutZone: "",
  naming: "",
  key: "",
  tablespace: "",
  ahead: "3",
  cron: "17 3 * * *",
  timeZone: "UTC",
  from: "",
  to: "",
  lockTimeoutMs: "200",
};

export function draftOf(rule: Upkeep): RuleDraft {
  const { cut, ahead, tablespace, cron, timeZone, window, lockTimeoutMs } = rule;
  return {
    unit: cut?.unit ?? "learned",
    count: String(cut?.count ?? 1),
    cutZone: cut?.timeZone ?? "",
    naming: cut?.naming ?? "",
    key: cut?.key ?? "",
    tablespace: tablespace ?? "",
    ahead: String(ahead),
    cron,
    timeZone,
    from: window?.from ?? "",
    to: window?.to ?? "",
    lockTimeoutMs: String(lockTimeoutMs),
  };
}

export type DraftProblems = Partial<Record<keyof RuleDraft, string>>;

/** What can be told without asking; the server judges the rest, such as the expression. */
export function draftProblems(draft: RuleDraft): DraftProblems {
  const whole = (text: string, most: number) => /^\d+$/.test(text) && +text >= 1 && +text <= most;
  return {
    ...(!whole(draft.ahead, 1_000) && { ahead: "A whole number from 1 to 1,000." }),
    ...(draft.unit !== "learned" &&
      !whole(draft.count, draft.unit === "number" ? Number.MAX_VALUE : 1_000) && {
        count: "A whole number, 1 or more.",
      }),
    ...(!whole(draft.lockTimeoutMs, 5_000) && { lockTimeoutMs: "Milliseconds, from 1 to 5,000." }),
    ...(Boolean(draft.from) !== Boolean(draft.to) && { from: "Both ends, or none." }),
    ...(draft.cron.trim() === "" && { cron: "Say when, such as 17 3 * * *." }),
  };
}

/** The rule as the server takes it; only of a draft without problems. */
export function ruleOf(draft: RuleDraft): Rule {
  const { unit, count, from, to } = draft;
  const [cutZone, naming, key] = [draft.cutZone.trim(), draft.naming.trim(), draft.key.trim()];
  const tablespace = draft.tablespace.trim();
  const cut = {
    ...(naming && { naming }),
    ...(key && { key }),
    ...(unit !== "learned" && { unit, count: unit === "number" ? count : Number(count) }),
    ...(cutZone && { timeZone: cutZone }),
  };
  return {
    ...(Object.keys(cut).length > 0 && { cut }),
    ...(tablespace && { tablespace }),
    ahead: Number(draft.ahead),
    cron: draft.cron.trim(),
    timeZone: draft.timeZone.trim() || "UTC",
    ...(from && to && { window: { from, to } }),
    lockTimeoutMs: Number(draft.lockTimeoutMs),
  };
}
