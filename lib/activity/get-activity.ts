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
  outcome?: "success" | "refused" | "failed" | undefined;
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
  outcome: "success" | "refused" | "failed";
  detail: Record<string, unknown>;
  ip: string | null;
}

/** What people, tokens and the product did, newest first. `next` is the `before` of the next page. */
export async function getActivity(
  { db }: ConsoleDb,
  filter: ActivityFilter,
): Promise<{ rows: ActivityRow[]; next: string | null }> {
  const { activity } = schema;
  const like = (text: string) => text.replace(/[\\%_]/g, "\\$&");
  // Ids are of version 7, so they stand in the order of time.
  const found = await db
    .select()
    .from(activity)
    .where(
      and(
        filter.before ? lt(activity.id, filter.before) : undefined,
        filter.from ? gte(activity.at, filter.from) : undefined,
        filter.to ? lt(activity.at, filter.to) : undefined,
        filter.actorId ? eq(activity.actorId, filter.actorId) : undefined,
        filter.action ? sql`starts_with(${activity.action}, ${filter.action})` : undefined,
        filter.outcome ? eq(activity.outcome, filter.outcome) : undefined,
        filter.text
          ? or(
              ilike(activity.actorName, `%${like(filter.text)}%`),
              ilike(activity.objectName, `%${like(filter.text)}%`),
            )
          : undefined,
      ),
    )
    .orderBy(desc(activity.id))
    .limit(filter.limit + 1);
  const rows = found.slice(0, filter.limit);
  return { rows, next: found.length > filter.limit ? (rows.at(-1)?.id ?? null) : null };
}
