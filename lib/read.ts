import { z } from "zod";
import type { AuditDb } from "./audit-db/types.ts";
import type { Actor } from "./auth/actor.ts";
import type { CheckContext, LastLook } from "./check.ts";
import type { History, InstanceReport, TimeRange } from "./collector/types.ts";
import type { ConsoleDb } from "./db/console-db.ts";
import type { DutyState } from "./duties/list-duties.ts";
import type { Role } from "./env/sign-in-variables.ts";
import type { CheckStore } from "./evaluation/check-store.ts";
import type { StoredChecks } from "./evaluation/stored-checks.ts";
import { rangeEndInput } from "./inputs.ts";
import type { Observed } from "./result.ts";
import type { UpkeepRule } from "./upkeep-rules/rule.ts";

/** What a read is given besides its input. */
export interface ReadContext {
  audit: AuditDb;
  history: History;
  /** Engine statistics of every process that is alive. */
  instances(): Promise<InstanceReport[]>;
  /** What keeps the target's tables ahead. */
  upkeep(): Promise<UpkeepRule[]>;
  /** How the target's checks fared when they were last evaluated. */
  looks(): Promise<LastLook[]>;
  /** How what the workers do over and over fares. */
  duties(): Promise<DutyState[]>;
  /** As `CheckContext.channels`. */
  channels: CheckContext["channels"];
  /** As `CheckContext.waitingHolds`. */
  waitingHolds: CheckContext["waitingHolds"];
  /** As `CheckContext.requests`. */
  requests: CheckContext["requests"];
  /** As `CheckContext.erasures`. */
  erasures: CheckContext["erasures"];
  /** As `CheckContext.ledger`. */
  ledger: CheckContext["ledger"];
  /** As `CheckContext.redactions`. */
  redactions: CheckContext["redactions"];
  /** The console's own database: people, tokens, sessions, activity. Not for tokens that are limited to targets. */
  console: ConsoleDb;
  /** The same for reads that themselves leave out what lies beyond `actor.targets`: those answer limited tokens too. */
  limitedConsole: ConsoleDb;
  /** One computation for everybody in this process who asks `key` within two seconds; the key names the target. */
  share<T>(key: string, compute: () => Promise<T>): Promise<T>;
  /** People's limits for checks, and how objects stood when the leading evaluator last looked. */
  checkStore: CheckStore;
  /** What the leading evaluator wrote, for lists of checks. Ask for targets that the actor may see, and no others. */
  storedChecks: StoredChecks;
  /** Who asks. */
  actor: Actor;
  role: Role;
  now: Date;
}

/** A question the console answers: who may ask, what it takes, how it is answered. */
export interface Read<Input extends z.ZodType, Output> {
  role: Role;
  input: Input;
  /** Answered from the target alone, with figures and no rows of events or people: goes on while the console database is away. */
  withoutConsole?: true;
  run(context: ReadContext, input: z.infer<Input>): Promise<Observed<Output>>;
}

/** Declares a read. Topics export theirs from `reads.ts`; `lib/reads.ts` names them all. */
export function defineRead<Input extends z.ZodType, Output>(read: Read<Input, Output>): Read<Input, Output> {
  return read;
}

/** Ranges a person can pick; the key is what stands in the URL. */
export const relativeRanges = {
  "15m": 900,
  "1h": 3_600,
  "6h": 21_600,
  "24h": 86_400,
  "7d": 604_800,
  "30d": 2_592_000,
} as const;
export type RelativeRange = keyof typeof relativeRanges;

/** A time range as pages, API and command line give it: relative (`{range: "1h"}`, ends now) or absolute. */
export const rangeInput = z.union([
  z.strictObject({ range: z.enum(Object.keys(relativeRanges) as [RelativeRange, ...RelativeRange[]]) }),
  z
    .strictObject({ from: rangeEndInput, to: rangeEndInput })
    .refine((r) => r.from < r.to, "from must be before to")
    .refine((r) => r.to.getTime() - r.from.getTime() <= 400 * 86_400_000, "a range holds at most 400 days"),
]);
export type RangeInput = z.infer<typeof rangeInput>;

/** The range's two ends; a relative one ends at `now`. */
export function resolveRange(range: RangeInput, now: Date): TimeRange {
  if ("range" in range)
    return { from: new Date(now.getTime() - relativeRanges[range.range] * 1_000), to: now };
  return { from: range.from, to: range.to };
}
