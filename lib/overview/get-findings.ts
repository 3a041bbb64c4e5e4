import { getCacheFindings } from "../caches/get-cache-findings.ts";
import { getConnectionFindings } from "../connections/get-connection-findings.ts";
import { toAppError } from "../errors.ts";
import { getQuarantineFindings } from "../events/get-quarantine-findings.ts";
import { type Finding, worstFirst } from "../finding.ts";
import { getPartitionFindings } from "../partitions/get-findings.ts";
import { getQueryFindings } from "../queries/get-findings.ts";
import type { ReadContext } from "../read.ts";
import { getReplicationFindings } from "../replication/get-replication-findings.ts";

type Context = Pick<ReadContext, "audit" | "history" | "instances" | "now">;

/** Topic → what its checks find, with the page that shows it. */
const checks: Record<string, { path: string; find(context: Context): Promise<Finding[]> }> = {
  connections: { path: "connections", find: ({ audit }) => getConnectionFindings(audit) },
  caches: { path: "caches", find: (context) => getCacheFindings(context) },
  queries: { path: "queries", find: (context) => getQueryFindings(context) },
  partitions: { path: "partitions", find: ({ audit, now }) => getPartitionFindings(audit, now) },
  replication: { path: "replication", find: ({ audit }) => getReplicationFindings(audit) },
  events: { path: "partitions", find: ({ audit }) => getQuarantineFindings(audit) },
};

export const checkedTopics = Object.keys(checks);

/** Every topic's findings, worst first. A topic whose checks failed is a finding itself: silence is not OK. */
export async function getFindings(context: Context): Promise<Finding[]> {
  const found = await Promise.all(
    Object.entries(checks).map(([topic, { path, find }]) =>
      find(context).catch((thrown): Finding[] => [couldNotRun(topic, path, thrown)]),
    ),
  );
  return worstFirst(found.flat());
}

function couldNotRun(topic: string, path: string, thrown: unknown): Finding {
  const { message, hint } = toAppError(thrown);
  return {
    check: `${topic}.checks`,
    severity: "notice",
    title: `The checks of ${topic} could not run.`,
    detail: message,
    path,
    unavailable: { code: "insufficient_data", reason: message, ...(hint && { enable: hint }) },
  };
}
