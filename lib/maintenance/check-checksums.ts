import { answerOf } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, cannotJudge, defineCheck, type ObjectState } from "../check.ts";
import { counted } from "../words.ts";
import { judgedMs, judgeSlow } from "./cadence.ts";
import { type DatabaseAge, getDatabaseAges } from "./get-database-ages.ts";

/** A page whose checksum does not match is damaged data: always critical. */
export const checksumFailures = defineCheck({
  id: "maintenance.checksum_failures",
  source: "pg_stat_database.checksum_failures",
  why: "A damaged page is damaged: critical at once.",
  title: "Checksum failures",
  unit: "count",
  path: "maintenance",
  runbook:
    "Stored data is damaged: suspect disk, controller or memory. Stop deleting backups. Find the relation in the server's log, check a copy with pg_checksums and amcheck, and restore what is damaged from a backup or a standby. pg_stat_reset() of that database sets the count back once it is mended.",
  needs:
    "Data checksums, chosen when the cluster is made (the default from PostgreSQL 18) or with pg_checksums --enable.",
  guarded: true,
  thresholds: null,
  evaluate: ({ audit }) => judgeSlow(judgedMs, (maxAgeMs) => judgeFailures(audit, maxAgeMs)),
  optional: true,
});

async function judgeFailures(audit: AuditDb, maxAgeMs: number): Promise<CheckAnswer> {
  const { data, observedAt } = await getDatabaseAges(audit, maxAgeMs);
  const verified = data.filter(isVerified);
  if (verified.length > 0) return answerOf(verified.map(judgeChecksums), { observedAt });
  return cannotJudge("Checksums are not verified: the cluster has none.", {
    code: "not_configured",
    reason: "data_checksums is off, so the server does not notice damaged pages.",
    enable: "pg_checksums --enable -D $PGDATA  -- with the server stopped",
  });
}

type Verified = Pick<DatabaseAge, "name" | "lastChecksumFailure"> & { checksumFailures: number };

function isVerified(database: DatabaseAge): database is DatabaseAge & Verified {
  return database.checksumFailures !== null;
}

export function judgeChecksums({
  name,
  checksumFailures: count,
  lastChecksumFailure,
}: Verified): ObjectState {
  const database = name ?? "the shared catalogues";
  const failed = `${counted(count, "page")} of ${database} failed ${count === 1 ? "its" : "their"} checksum.`;
  return {
    object: { kind: "database", name: database },
    state: count > 0 ? "critical" : "ok",
    value: count,
    threshold: null,
    since: lastChecksumFailure,
    words: {
      title: count > 0 ? failed : `No page of ${database} failed its checksum.`,
      detail:
        "Stored data is damaged: suspect disk, controller or memory. Keep backups from before, find the relation in the server's log, and check with amcheck or pg_checksums before anything else.",
    },
  };
}
