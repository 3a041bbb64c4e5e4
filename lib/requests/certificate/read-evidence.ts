import { and, desc, eq, sql } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { readScopeTargets } from "../erasure/read-scope-targets.ts";
import type { RequestRow } from "../read-request.ts";
import type { ScanPlace } from "../scan-types.ts";
import type { Statement } from "./statement.ts";

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** What its decision rested on. */
export async function readScope(db: Queryable, row: RequestRow): Promise<Statement["scope"]> {
  if (row.scopeId === null) return null;
  const { requestScope } = schema;
  const [scope] = await db
    .select({ madeAt: requestScope.madeAt })
    .from(requestScope)
    .where(eq(requestScope.id, row.scopeId));
  const targets = await readScopeTargets(db, row);
  return {
    madeAt: iso(scope?.madeAt ?? null),
    targets: targets.map(({ target, events, clearEvents, policies }) => ({
      ...{ target, events, clearEvents },
      policies: policies.map(({ policy, legalBasis, events, free, floored, held, until }) => ({
        ...{ policy, legalBasis, events, free, floored, held, until },
      })),
    })),
  };
}

/** Receipts of what is erased, as the ledger has them. */
export async function readReceipts(db: Queryable, erased: Statement["erased"]): Promise<string[]> {
  const entries = [...new Set(erased.flatMap(({ entry }) => entry ?? []))];
  const rows = await db.execute<{ receipt: string }>(sql`
    select receipt from privacy_ledger
    where receipt is not null and entry in (select jsonb_array_elements_text(${JSON.stringify(entries)}::jsonb)::bigint)
    order by entry`);
  return rows.map(({ receipt }) => receipt);
}

export async function readPackages(db: Queryable, requestId: string): Promise<Statement["packages"]> {
  const { requestPackage } = schema;
  const rows = await db
    .select()
    .from(requestPackage)
    .where(eq(requestPackage.requestId, requestId))
    .orderBy(requestPackage.beganAt);
  return rows.flatMap(({ sha256, events, bytes, readyAt }) =>
    sha256 === null ? [] : [{ sha256, events, bytes, readyAt: iso(readyAt) }],
  );
}

/** The newest scan that came to its end. */
export async function readScan(db: Queryable, requestId: string) {
  const { requestScan } = schema;
  const [row] = await db
    .select()
    .from(requestScan)
    .where(and(eq(requestScan.requestId, requestId), eq(requestScan.state, "done")))
    .orderBy(desc(requestScan.beganAt))
    .limit(1);
  return row ? { endedAt: iso(row.endedAt), places: (row.places ?? []) as ScanPlace[] } : null;
}
