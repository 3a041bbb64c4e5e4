import { sql } from "drizzle-orm";
import type { z } from "zod";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import type { ConsoleDb, Tx } from "../../db/console-db.ts";
import type { ActivityEntry } from "../../db/record.ts";
import { schema } from "../../db/schema.ts";
import type { Effect } from "./effect.ts";

/** Whoever carries an effect out says every ten seconds that they are at it; after thirty without, nobody is. */
export const aliveSeconds = 30;
export const renewEveryMs = 10_000;

export type EffectRow = typeof schema.effect.$inferSelect;

export interface Intention<Input extends z.ZodType>
  extends Pick<ActivityEntry, "object" | "target" | "facts"> {
  effect: Effect<Input>;
  input: z.input<Input>;
  actor: { kind: "user" | "token" | "system"; id: string; name: string; email?: string | null };
  jobId?: string;
}

/** Notes what is about to be done. It counts once the transaction is committed; only then may it be done. */
export async function intendEffect<Input extends z.ZodType>(
  tx: Tx,
  intention: Intention<Input>,
): Promise<EffectRow> {
  const { effect, actor, target, object, facts, jobId } = intention;
  const input = effect.input.parse(intention.input);
  const [row] = await tx
    .insert(schema.effect)
    .values({
      id: uuidV7(),
      action: effect.action,
      target: target ?? null,
      objectType: object?.type ?? null,
      objectId: object?.id ?? null,
      objectName: object?.name ?? null,
      jobId: jobId ?? null,
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.email ?? actor.name,
      input,
      destroys: effect.destroys?.(input) ?? null,
      facts: facts ?? {},
      intendedAt: sql`clock_timestamp()`,
      aliveUntil: sql`clock_timestamp() + make_interval(secs => ${aliveSeconds})`,
    })
    .returning();
  if (!row) throw new Error("an effect's row was not returned");
  return row;
}

/**
 * Says that somebody is at it, once. Whoever looks meanwhile settles nothing (`settle-effect.ts`).
 * @returns whether it is still ours: false once somebody else has said how it came out
 */
export async function renewEffect({ sql: raw }: Pick<ConsoleDb, "sql">, id: string): Promise<boolean> {
  const rows = await raw`
    update effect set alive_until = clock_timestamp() + make_interval(secs => ${aliveSeconds})
    where id = ${id} and state = 'intended' returning 1`;
  return rows.length > 0;
}

/**
 * Says until the returned function is called that somebody is at it.
 * @param onTaken called when it is no longer ours: we were frozen so long that others looked for themselves
 */
export function keepAlive(console: ConsoleDb, id: string, onTaken: () => void): () => void {
  const timer = setInterval(async () => {
    if (!(await renewEffect(console, id).catch(() => true))) onTaken();
  }, renewEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
