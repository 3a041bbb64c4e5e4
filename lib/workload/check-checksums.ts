import { cannotJudge, defineCheck, type ObjectState } from "../check.ts";
import { counted } from "../words.ts";
import { type ChecksumFailures, getChecksumFailures } from "./get-checksum-failures.ts";

/** A page whose checksum does not match is damaged data: always critical. */
export const checksumFailures = defineCheck({
  id: "workload.checksum_failures",
  title: "Checksum failures",
  unit: "count",
  path: "caches",
  runbook:
    "Stored data is damaged: suspect disk, controller or memory. Stop deleting backups. Find the relation in the server's log, check a copy with pg_checksums and amcheck, and restore what is damaged from a backup or a standby. pg_stat_reset() of that database sets the count back once it is mended.",
  needs:
    "Data checksums, chosen when the cluster is made (the default from PostgreSQL 18) or with pg_checksums --enable.",
  thresholds: null,
  async evaluate({ audit }) {
    const { data, unavailable } = await getChecksumFailures(audit);
    if (unavailable) return cannotJudge("Checksums are not verified: the cluster has none.", unavailable);
    return { objects: data.map(judgeChecksums), complete: true };
  },
  optional: true,
});

export function judgeChecksums({ database, count, last }: ChecksumFailures): ObjectState {
  const failed = `${counted(count, "page")} of ${database} failed ${count === 1 ? "its" : "their"} checksum.`;
  return {
    object: { kind: "database", name: database },
    state: count > 0 ? "critical" : "ok",
    value: count,
    threshold: null,
    since: last,
    words: {
      title: count > 0 ? failed : `No page of ${database} failed its checksum.`,
      detail:
        "Stored data is damaged: suspect disk, controller or memory. Keep backups from before, find the relation in the server's log, and check with amcheck or pg_checksums before anything else.",
    },
  };
}
