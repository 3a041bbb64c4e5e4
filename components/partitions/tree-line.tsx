"use client";

import { Time } from "@/components/ui/time.tsx";
import { formatBytes, formatExact, formatNumber } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";

/** The shown table in one line: how it is cut, how much it holds, when it was analyzed as a whole. */
export function TreeLine({ oid, branchKey }: { oid: number; branchKey: string | undefined }) {
  const { data } = useRead("partitionTrees", {});
  const tree = data?.find((each) => each.oid === oid);
  return (
    <p className="min-h-4.5 text-sm text-muted">
      {tree && (
        <>
          <code className="font-mono text-xs">{tree.key}</code>
          {branchKey && branchKey !== tree.key && (
            <>
              {", then "}
              <code className="font-mono text-xs">{branchKey}</code>
            </>
          )}
          {tree.lanes > 1 && ` · ${formatNumber(tree.lanes)} branches`} · {formatNumber(tree.leaves)}{" "}
          partitions ·{" "}
          {tree.totalBytes === null ? (
            "size not measured yet"
          ) : (
            <span title={formatExact(tree.totalBytes, "bytes")}>{formatBytes(tree.totalBytes)}</span>
          )}{" "}
          ·{" "}
          {tree.rowsEstimated === null ? (
            "rows not known"
          ) : (
            <span title={`${formatExact(tree.rowsEstimated, "count")} rows by the statistics`}>
              about {formatNumber(tree.rowsEstimated)} rows
            </span>
          )}{" "}
          ·{" "}
          {tree.lastAnalyze ? (
            <>
              analyzed as a whole <Time at={tree.lastAnalyze} />
            </>
          ) : (
            "never analyzed as a whole"
          )}
        </>
      )}
    </p>
  );
}
