import type { z } from "zod";
import type { AuditDb } from "../../audit-db/types.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import type { Destruction } from "../../holds/types.ts";

/** What a look found of an effect that nobody told of. */
export type Sight = "done" | "not done" | "cannot tell";

export interface LookContext {
  console: ConsoleDb;
  /** The effect's target. @throws AppError NOT_FOUND when it is configured no more */
  readonly audit: AuditDb;
  intendedAt: Date;
  now: Date;
}

/** Something that a verb or its job does outside the console's transaction, and how to see whether it happened. */
export interface Effect<Input extends z.ZodType = z.ZodType> {
  /** The action it belongs to, as the activity log has it. */
  action: string;
  /** What it takes to look. It is kept with the intention: no secret and no free text. */
  input: Input;
  /**
   * What it destroys for good, where it does; kept with the intention. It passes the hold gate (`lib/holds`), and a hold
   * that is placed meanwhile is in force once it is settled.
   */
  destroys?(input: z.infer<Input>): readonly Destruction[];
  /** Looks, and changes nothing. What it throws counts as `cannot tell`, and it is asked again later. */
  look(context: LookContext, input: z.infer<Input>): Promise<Sight>;
}

/** Declares an effect. The verb it belongs to names it, so that the reconciler finds it. */
export function defineEffect<Input extends z.ZodType>(effect: Effect<Input>): Effect<Input> {
  return effect;
}
