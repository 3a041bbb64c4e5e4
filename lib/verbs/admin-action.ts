import type { z } from "zod";
import type { AuditDb } from "../audit-db/types.ts";
import type { Actor } from "../auth/actor.ts";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
import type { ActivityEntry } from "../db/record.ts";
import type { Role } from "../env/sign-in-variables.ts";
import type { Job } from "../jobs/define-job.ts";
import type { EnqueueOptions } from "../jobs/enqueue-job.ts";
import type { ActionResult, AwaitsApproval } from "../result.ts";
import type { AdminContext } from "./admin-context.ts";
import type { Effect } from "./effects/effect.ts";

/** What a verb is given: the one transaction everything it changes belongs to. */
export interface VerbContext {
  tx: Tx;
  console: ConsoleDb;
  /** With the role the database has now. */
  actor: Actor;
  /** The engine of the target its input names, opened when first asked for. @throws where the verb declares none */
  readonly audit: AuditDb;
  auditTargets: readonly string[];
  /** Puts a job into the queue with the verb's own change: both, or neither. Answer its id as `jobId`. */
  enqueue<Input extends z.ZodType, Result>(
    job: Job<Input, Result>,
    input: z.input<Input>,
    options?: Pick<EnqueueOptions, "object" | "reason" | "noted">,
  ): Promise<string>;
  now: Date;
}

/** What a verb answers, and how the activity log tells it. */
export interface VerbResult<T> extends Pick<ActivityEntry, "object" | "facts" | "detail" | "target"> {
  data: T;
  /** The job that goes on with it. */
  jobId?: string;
}

/**
 * What a verb with an `effect` answers: what is to be done outside the console's transaction, once that holds the
 * intention. Nothing is recorded as done before it was.
 */
export interface VerbIntent<T> extends Pick<ActivityEntry, "object"> {
  /** What the effect's `look` takes. */
  intends: unknown;
  /** Its signal aborts when it has been silent for so long that others look for themselves. */
  carryOut(signal: AbortSignal): Promise<VerbResult<T>>;
}

/** How an input becomes what is kept of it. */
export interface Preparation<Input extends z.ZodType, Kept extends z.ZodType> {
  kept: Kept;
  /** Within the verb's transaction, once it is known who asks. */
  run(context: VerbContext, input: z.infer<Input>): Promise<z.input<Kept>>;
}

/** Something only some may do, which leaves a trace. */
export interface AdminAction<Input extends z.ZodType, T, Kept extends z.ZodType = Input> {
  /** `object.verb`, as the activity log has it. */
  name: string;
  role: Role;
  input: Input;
  /**
   * For an input that says what must stand nowhere, such as the id of a person in an application: what this makes of it
   * is confirmed, kept for a second person, shown, run and recorded, and the input itself nowhere.
   */
  prepare?: Preparation<Input, Kept>;
  /**
   * Whether it acts on the target that its input names as `target`: `context.audit` is that one, tokens limited to it
   * may do it, and what is recorded goes to that target's audit log alone. Others concern the whole console, as does one
   * with `or all` whose input names `*`.
   */
  target?: z.output<Input> extends { target: string } ? true | "or all" : never;
  /** What it answers as `data`, for whoever calls it over the API. */
  answer?: z.ZodType<NoInfer<T>>;
  /** The doors that do not offer it, each with the reason in words. */
  notOffered?: Partial<Record<Door, string>>;
  /** Only people may, themselves or by a token of theirs: the product has nobody to answer for it. */
  person?: true;
  /**
   * Runs only once somebody else of this role has approved this very input, within `expiresHours` (24 unless given). The
   * input is kept and shown, and the answer goes to whoever approves: neither may hold a secret.
   */
  approval?: ApprovalRule;
  /** Throws what `run` would throw as things stand, before somebody else is asked: nobody approves what cannot be. */
  assertCould?(context: VerbContext, input: z.infer<Kept>): void | Promise<void>;
  /** The page where it is done: people must have proven within five minutes that it is they, which only pages can ask. */
  reauthenticate?: `/${string}`;
  /** How many bytes its input may have over the API, where 64 KB do not do. */
  mostBytes?: number;
  /** Whether it may be done while a one-time password waits to be changed. */
  beforePasswordChange?: boolean;
  /** What it is about, for the record of a refusal. */
  object?(input: z.infer<Kept>): ActivityEntry["object"];
  /** The phrase a person must type first, or undefined where this input needs none. Programs (tokens, the command line) say what they mean by calling it. */
  confirm?(context: VerbContext, input: z.infer<Kept>): string | undefined | Promise<string | undefined>;
  /** What it does outside the console's transaction, itself or by its job, and how to see whether that happened. */
  effect?: Effect;
  run(context: VerbContext, input: z.infer<Kept>): Promise<VerbResult<T> | VerbIntent<T>>;
  /** What goes on once all of it is committed; its answer is the verb's. */
  afterCommit?(context: AdminContext, data: T): Promise<ActionResult<T>>;
}

/** Where verbs are called from: pages, `/api/v1/actions`, `audit-db`. */
export const doors = ["browser", "api", "cli"] as const;
export type Door = (typeof doors)[number];

export interface ApprovalRule {
  role: Role;
  expiresHours?: number;
}

/**
 * Declares an admin action. Topics export theirs from `verbs.ts`; `lib/admin.ts` names them all. One that needs an
 * approval may answer that it waits for it.
 */
export function defineAdminAction<
  Input extends z.ZodType,
  T,
  NotOffered extends Partial<Record<Door, string>> = Record<never, string>,
  Approval extends ApprovalRule | undefined = undefined,
  Kept extends z.ZodType = Input,
>(
  action: AdminAction<Input, T, Kept> & { notOffered?: NotOffered; approval?: Approval },
): AdminAction<Input, Approval extends ApprovalRule ? T | AwaitsApproval : T, Kept> & {
  notOffered?: NotOffered;
} {
  return action as ReturnType<typeof defineAdminAction<Input, T, NotOffered, Approval, Kept>>;
}

/** What its input is kept as. */
export const keptOf = ({ prepare, input }: AdminAction<z.ZodType, unknown>): z.ZodType =>
  prepare?.kept ?? input;
