import { and, desc, eq, sql } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { personToken } from "../../db/record.ts";
import { schema } from "../../db/schema.ts";
import { env } from "../../env.ts";
import { findGround, keepingGrounds } from "../../request-law/grounds.ts";
import { type RequestKind, requestKinds } from "../../request-law/kinds.ts";
import { readLinkedErasures } from "../erasure/linked-erasures.ts";
import { readScopeTargets } from "../erasure/read-scope-targets.ts";
import { remainderOf } from "../erasure/remainder.ts";
import type { RequestRow } from "../read-request.ts";
import type { ScanPlace } from "../scan-types.ts";
import type { RequestDecision } from "../types.ts";
import { readRedactions } from "./read-redactions.ts";
import type { Statement } from "./statement.ts";

const dayMs = 86_400_000;
const iso = (at: Date | null) => at?.toISOString() ?? null;

/** All that a certificate says, but for the leaves of what is erased, which the targets are asked for. */
export async function collectStatement(
  db: Queryable,
  row: RequestRow,
  { n, of, erased, now }: { n: number; of: string | null; erased: Statement["erased"]; now: Date },
): Promise<Statement> {
  const erasures = await readLinkedErasures(db, row.id);
  const timeline = await readTimeline(db, row);
  const { redacted, receipts, residue } = await readRedactions(db, row);
  const scan = await readScan(db, row.id);
  const remains = [...(await remainderOf(db, erasures)), ...clearRemains(timeline)];
  const destroyed = [...erasures.map(({ destroyedAt }) => destroyedAt?.getTime() ?? 0)];
  const newest = Math.max(0, ...destroyed);
  const { MASTER_KEY_ROTATION_DAYS: rotationDays } = env();
  return {
    v: 1,
    ...{ n, of },
    issuedAt: now.toISOString(),
    request: tellRequest(row),
    law: lawOf(row, remains),
    timeline: timeline.map(({ remains: _, ...line }) => line),
    scope: await readScope(db, row),
    decision: tellDecision(row),
    erased,
    redacted,
    receipts: [...(await readReceipts(db, erased)), ...receipts],
    earlier: [
      ...new Set(timeline.flatMap(({ facts }) => (typeof facts.earlier === "number" ? [facts.earlier] : []))),
    ],
    packages: await readPackages(db, row.id),
    scan: scan && {
      endedAt: scan.endedAt,
      places: scan.places.map(({ sql: _, ...place }) => place),
    },
    remains,
    notRemovable: [
      ...(scan?.places ?? [])
        .filter(({ state, sql: text, until }) => state === "found" && (text !== null || until !== null))
        .map(({ where, until, sql: text }) => ({ where, until, sql: text })),
      ...residue.map((where) => ({ where, until: null, sql: null })),
    ],
    backups:
      newest === 0
        ? null
        : { rotationDays, reachedBy: new Date(newest + rotationDays * dayMs).toISOString() },
  };
}

function tellRequest(row: RequestRow): Statement["request"] {
  return {
    number: row.number,
    kind: row.kind,
    article: requestKinds[row.kind as RequestKind].article,
    regime: row.regime,
    organizations: row.organizations,
    targets: row.targets,
    channel: row.channel,
    state: row.state,
    receivedAt: row.receivedAt.toISOString(),
    respondedAt: iso(row.respondedAt),
    closedAt: iso(row.closedAt),
  };
}

function lawOf({ kind, regime, decision }: RequestRow, remains: Statement["remains"]): Statement["law"] {
  const { title, article } = requestKinds[kind as RequestKind];
  const { parts = [], ground = null } = (decision ?? {}) as Partial<RequestDecision>;
  const keeping = keepingGrounds[regime];
  const ids = new Set([
    ...[ground, ...parts.map((part) => part.ground)].filter((id) => id !== null),
    ...(remains.some((one) => one.ground === "floor") ? [keeping.floor] : []),
    ...(remains.some((one) => one.ground === "hold") ? [keeping.hold] : []),
  ]);
  const grounds = [...ids].flatMap((id) => findGround(regime, id) ?? []);
  return [
    {
      law: regime === "california" ? "CCPA" : `Art. ${article} ${regime === "uk" ? "UK GDPR" : "GDPR"}`,
      says: title,
    },
    ...grounds.map(({ law, title: says }) => ({ law, says })),
  ];
}

function tellDecision({ decision, decidedAt, decidedBy }: RequestRow): Statement["decision"] {
  if (decision === null) return null;
  const { parts = [], ground = null } = decision as Partial<RequestDecision>;
  return { at: iso(decidedAt), by: decidedBy && personToken(decidedBy), ground, parts };
}

/** What of a line's facts is told: codes and counts, never what came from people or other systems. */
const toldFacts = [
  "command",
  "step",
  "target",
  "policy",
  "entry",
  "keys",
  "method",
  "result",
  "ground",
  "channel",
  "events",
  "redacted",
  "destroyed",
  "missing",
  "code",
  "earlier",
] as const;

/** `remains`: null where a line says nothing of it. */
type Line = Statement["timeline"][number] & { remains: Statement["remains"] | null };

async function readTimeline(db: Queryable, { id }: RequestRow): Promise<Line[]> {
  const { requestEvent: event } = schema;
  const rows = await db.select().from(event).where(eq(event.requestId, id)).orderBy(event.at, event.id);
  return rows.map(({ at, kind, fromState, toState, actorRole, actorId, facts: all }) => {
    const given = all as Record<string, unknown>;
    const facts: Line["facts"] = {};
    for (const name of toldFacts) {
      const value = given[name];
      if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
        facts[name] = value;
    }
    return {
      ...{ at: at.toISOString(), kind, from: fromState, to: toState, role: actorRole, facts },
      by: actorId && personToken(actorId),
      remains: (given.remains ?? null) as Statement["remains"] | null,
    };
  });
}

/** Of clear fields, as the last run of its execution left them. */
function clearRemains(timeline: readonly Line[]): Statement["remains"] {
  return (timeline.findLast(({ remains }) => remains !== null)?.remains ?? []).filter(
    ({ what }) => what === "clear",
  );
}

async function readScope(db: Queryable, row: RequestRow): Promise<Statement["scope"]> {
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

async function readReceipts(db: Queryable, erased: Statement["erased"]): Promise<string[]> {
  const entries = [...new Set(erased.flatMap(({ entry }) => entry ?? []))];
  const rows = await db.execute<{ receipt: string }>(sql`
    select receipt from privacy_ledger
    where receipt is not null and entry in (select jsonb_array_elements_text(${JSON.stringify(entries)}::jsonb)::bigint)
    order by entry`);
  return rows.map(({ receipt }) => receipt);
}

async function readPackages(db: Queryable, requestId: string): Promise<Statement["packages"]> {
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

async function readScan(db: Queryable, requestId: string) {
  const { requestScan } = schema;
  const [row] = await db
    .select()
    .from(requestScan)
    .where(and(eq(requestScan.requestId, requestId), eq(requestScan.state, "done")))
    .orderBy(desc(requestScan.beganAt))
    .limit(1);
  return row ? { endedAt: iso(row.endedAt), places: (row.places ?? []) as ScanPlace[] } : null;
}
