import { count, eq, max } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { type IntakeDefaults, intakeDefaults } from "./intake-defaults.ts";

/** A ticketing system that may hand requests in; never its key. */
export interface IntakeSource {
  name: string;
  enabled: boolean;
  defaults: IntakeDefaults;
  createdAt: string;
  createdBy: string;
  /** How many it handed in, and when the last came. */
  requests: number;
  lastAt: string | null;
}

export async function getIntakeSources(db: Queryable): Promise<IntakeSource[]> {
  const { intakeSource: source, privacyRequest: request } = schema;
  const rows = await db
    .select({
      name: source.name,
      enabled: source.enabled,
      defaults: source.defaults,
      createdAt: source.createdAt,
      createdBy: source.createdByName,
      requests: count(request.id),
      lastAt: max(request.submittedAt),
    })
    .from(source)
    .leftJoin(request, eq(request.source, source.name))
    .groupBy(source.name)
    .orderBy(source.name);
  return rows.map((row) => ({
    ...row,
    defaults: intakeDefaults.parse(row.defaults),
    createdAt: row.createdAt.toISOString(),
    lastAt: row.lastAt?.toISOString() ?? null,
  }));
}
