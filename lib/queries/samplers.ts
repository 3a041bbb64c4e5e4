import type { AuditDb } from "../audit-db/types.ts";
import type { ObjectSample, Sampler } from "../collector/types.ts";
import { getStatementLabels } from "./get-labels.ts";
import { getStatements, type Statements } from "./get-statements.ts";
import { textsOfServer } from "./server-texts.ts";
import { statementMetrics } from "./statement-columns.ts";

/** What the collector records about statements. */
export const queriesSamplers: Sampler[] = [
  {
    form: "objects",
    name: "statements",
    everySeconds: 60,
    metrics: statementMetrics,
    rankBy: "totalExecMs",
    complete: true,
    sample: sampleStatements,
    label: async (audit, keys) => (await getStatementLabels(audit, keys)).labels,
  },
  {
    form: "totals",
    name: "statements.totals",
    everySeconds: 60,
    series: [
      { name: "statements.calls", kind: "counter", unit: "count" },
      { name: "statements.totalExecMs", kind: "counter", unit: "ms" },
      { name: "statements.rows", kind: "counter", unit: "count" },
      { name: "statements.walBytes", kind: "counter", unit: "bytes" },
      { name: "statements.sharedBlksRead", kind: "counter", unit: "count" },
      { name: "statements.tempBlksWritten", kind: "counter", unit: "count" },
      { name: "statements.entries", kind: "gauge", unit: "count" },
      { name: "statements.max", kind: "gauge", unit: "count" },
      { name: "statements.dealloc", kind: "counter", unit: "count" },
      { name: "statements.textBytes", kind: "gauge", unit: "bytes" },
      { name: "statements.longestTextBytes", kind: "gauge", unit: "bytes" },
    ],
    sample: sampleStatementTotals,
  },
];

async function sampleStatements(audit: AuditDb): Promise<ObjectSample[]> {
  const { data: statements } = await getStatements(audit);
  const viewSince = statements?.countsSince ?? null;
  return (statements?.entries ?? []).map(({ key, values, countsSince }) => ({
    key,
    values,
    countsSince,
    viewSince,
  }));
}

/** Sums over all entries. Evicting entries makes a sum fall, which reads as a gap; `dealloc` tells why. */
export async function sampleStatementTotals(
  audit: AuditDb,
): Promise<{ values: Record<string, number | null>; countsSince: Date | null }> {
  const { data: statements } = await getStatements(audit);
  if (!statements) return { values: {}, countsSince: null };
  const { size } = textsOfServer(await audit.server());
  const sum = (metric: keyof Statements["hidden"]) =>
    statements.entries.reduce((total, entry) => total + entry.values[metric], statements.hidden[metric]);
  return {
    values: {
      "statements.calls": sum("calls"),
      "statements.totalExecMs": sum("totalExecMs"),
      "statements.rows": sum("rows"),
      "statements.walBytes": sum("walBytes"),
      "statements.sharedBlksRead": sum("sharedBlksRead"),
      "statements.tempBlksWritten": sum("tempBlksWritten"),
      "statements.entries": statements.entries.length,
      "statements.max": statements.max,
      "statements.dealloc": statements.dealloc,
      // Weighed when texts were read for something else, by whichever target: asking would read all of them.
      "statements.textBytes": size?.bytes ?? null,
      "statements.longestTextBytes": size?.longestBytes ?? null,
    },
    countsSince: statements.countsSince,
  };
}
