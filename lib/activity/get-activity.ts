import { and, desc, eq, gte, ilike, lt, or, sql } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";

export interface ActivityFilter {
  /** Only what lies before this id (the last row of the page before). */
  before?: string | undefined;
  limit: number;
  from?: Date | undefined;
  to?: Date | undefined;
  /** A user's or token's id. */
  actorId?: string | undefined;
  /** Begins with, e.g. `user.` or `sign-in`. */
  action?: string | undefined;
  outcome?: ActivityRow["outcome"] | undefined;
  /** Part of the actor's or the object's name. */
  text?: string | undefined;
}

export interface ActivityRow {
  id: string;
  at: Date;
  actorKind: "user" | "token" | "system" | "anonymous";
  actorId: string | null;
  actorName: string;
  action: string;
  target: string | null;
  objectType: string | null;
  objectId: string | null;
  objectName: string | null;
  /** `unknown`: whoever did it was gone before they told how it came out. */
  outcome: "success" | "refused" | "failed" | "unknown";
  detail: Record<string, unknown>;
  ip: string | null;
}

/**
 * What people, tokens and the product did, newest first; also what somebody began and nobody has told or looked up the
 * outcome of. `next` is the `before` of the next page.
 */
export async function getActivity(
  console: ConsoleDb,
  filter: ActivityFilter,
): Promise<{ rows: ActivityRow[]; next: string | null }> {
  const [recorded, abandoned] = await Promise.all([
    listRecorded(console, filter),
    listAbandoned(console, filter),
  ]);
  // Ids are of version 7, so they stand in the order of time.
  const found = [...recorded, ...abandoned].sort((a, b) => (a.id < b.id ? 1 : -1));
  const rows = found.slice(0, filter.limit);
  return { rows, next: found.length > filter.limit ? (rows.at(-1)?.id ?? null) : null };
}

function listRecorded({ db }: ConsoleDb, filter: ActivityFilter): Promise<ActivityRow[]> {
  const { activity } = schema;
  return db
    .select()
    .from(activity)
    .where(
      and(matches(activity, activity.at, filter), filter.outcome && eq(activity.outcome, filter.outcome)),
    )
    .orderBy(desc(activity.id))
    .limit(filter.limit + 1);
}

/** What was begun, and is not said to go on any more. Once somebody has looked it has a row of its own. */
async function listAbandoned({ db }: ConsoleDb, filter: ActivityFilter): Promise<ActivityRow[]> {
  if (filter.outcome && filter.outcome !== "unknown") return [];
  const { effect } = schema;
  const found = await db
    .select()
    .from(effect)
    .where(
      and(
        matches(effect, effect.intendedAt, filter),
        eq(effect.state, "intended"),
        sql`${effect.aliveUntil} < clock_timestamp()`,
      ),
    )
    .orderBy(desc(effect.id))
    .limit(filter.limit + 1);
  return found.map((row) => ({
    id: row.id,
    at: row.intendedAt,
    actorKind: row.actorKind,
    actorId: row.actorId,
    actorName: row.actorName,
    action: row.action,
    target: row.target,
    objectType: row.objectType,
    objectId: row.objectId,
    objectName: row.objectName,
    outcome: "unknown",
    detail: { effectId: row.id, ...(row.jobId !== null && { jobId: row.jobId }) },
    ip: null,
  }));
}

function matches(
  table: typeof schema.activity | typeof schema.effect,
  at: typeof schema.activity.at | typeof schema.effect.intendedAt,
  filter: ActivityFilter,
) {
  const like = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return and(
    filter.before ? lt(table.id, filter.before) : undefined,
    filter.from ? gte(at, filter.from) : undefined,
    filter.to ? lt(at, filter.to) : undefined,
    filter.actorId ? eq(table.actorId, filter.actorId) : undefined,
    filter.action ? sql`starts_with(${table.action}, ${filter.action})` : undefined,
    filter.text
      ? or(ilike(table.actorName, like(filter.text)), ilike(table.objectName, like(filter.text)))
      : undefined,
  );
}
