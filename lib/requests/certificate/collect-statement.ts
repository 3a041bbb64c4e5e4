import type { Queryable } from "../../db/console-db.ts";
import { personToken } from "../../db/record.ts";
import { env } from "../../env.ts";
import { findGround, keepingGrounds } from "../../request-law/grounds.ts";
import { type RequestKind, requestKinds } from "../../request-law/kinds.ts";
import { readLinkedErasures } from "../erasure/linked-erasures.ts";
import { remainderOf } from "../erasure/remainder.ts";
import type { RequestRow } from "../read-request.ts";
import type { RequestDecision } from "../types.ts";
import { readPackages, readReceipts, readScan, readScope } from "./read-evidence.ts";
import { readRedactions } from "./read-redactions.ts";
import { readTimeline, type TimelineLine } from "./read-timeline.ts";
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

/** Of clear fields, as the last run of its execution left them. */
function clearRemains(timeline: readonly TimelineLine[]): Statement["remains"] {
  return (timeline.findLast(({ remains }) => remains !== null)?.remains ?? []).filter(
    ({ what }) => what === "clear",
  );
}
