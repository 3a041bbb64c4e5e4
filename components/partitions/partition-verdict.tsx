"use client";

import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { MendLink } from "@/components/partition-plan/mend-link.tsx";
import { AsOf } from "@/components/ui/aged-figures.tsx";
import { Button } from "@/components/ui/button.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { Finding } from "@/lib/evaluation/finding.ts";
import { shownFirst, type Tree } from "./shown-first.ts";

const shownAtFirst = 3;

interface PartitionVerdictProps {
  /** The table that is shown: what is found of it comes first. */
  tree: Tree | null | undefined;
}

/** Runway, gaps, defaults, pending detaches and stale parents in words, worst first, each with what to do. */
export function PartitionVerdict({ tree }: PartitionVerdictProps) {
  const read = useRead("partitionFindings", {});
  const [all, setAll] = useState(false);
  return (
    <Panel
      id="verdict"
      title="What needs doing"
      unit="times in UTC"
      read={read}
      height={28}
      className="max-sm:min-h-[206px]"
      info={{
        what: "Checked for every partitioned table: runway, in days and in partitions of its own width, against the limits in Settings → Checks, gaps and overlaps by value, along every path to the partitions that hold rows, rows in default partitions, detaches that were begun and not finished, and parents whose statistics are old.",
      }}
    >
      {(findings) => {
        if (findings.length === 0) return <AllWell />;
        const ordered = shownFirst(findings, tree);
        const [shown, rest] = [ordered.slice(0, all ? undefined : shownAtFirst), ordered.slice(shownAtFirst)];
        const critical = rest.filter(({ severity }) => severity === "critical").length;
        return (
          <>
            <ul className="divide-y divide-hairline">
              {shown.map((finding) => (
                <Line key={finding.key} finding={finding} />
              ))}
            </ul>
            {rest.length > 0 && (
              <Button variant="ghost" size="sm" onClick={() => setAll(!all)}>
                {all
                  ? "Show fewer"
                  : `Show ${formatNumber(rest.length)} more${critical > 0 ? `, ${formatNumber(critical)} critical` : ""}`}
              </Button>
            )}
          </>
        );
      }}
    </Panel>
  );
}

function Line({ finding }: { finding: Finding }) {
  return (
    <li className="flex flex-wrap items-start gap-x-2.5 gap-y-2 py-2 first:pt-0.5 sm:flex-nowrap">
      <StateIcon state={finding.unavailable ? "unknown" : finding.severity} className="mt-0.5" />
      <div className="min-w-0 grow basis-64 text-sm">
        <p className="font-medium">
          <span className="sr-only">{finding.severity}: </span>
          {finding.title}
        </p>
        <p className="text-muted">{finding.detail}</p>
      </div>
      {finding.mends && (
        <span className="max-sm:pl-6.5">
          <MendLink mends={finding.mends} />
        </span>
      )}
    </li>
  );
}

function AllWell() {
  return (
    <p className="flex items-start gap-2.5 pt-0.5 text-sm">
      <StateIcon state="ok" className="mt-0.5" />
      <span>
        <AsOf then=" · " />
        <strong className="font-medium">Nothing needs doing.</strong>{" "}
        <span className="text-muted">
          Tables by time have partitions for now and as far ahead as their limits ask. No gaps, no overlaps,
          no rows in default partitions, no unfinished detach, statistics of the parents fresh.
        </span>
      </span>
    </p>
  );
}
