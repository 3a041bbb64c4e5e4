"use client";

import { CornerDownRight } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { formatExact, formatNumber, formatRatio } from "@/lib/client/format.ts";
import type { PlanNode } from "@/lib/queries/plan-tree.ts";
import { type PlanLine, planLines } from "./plan-lines.ts";

const firstLines = 40;

/** A plan as indented steps, each with its rows, its cost, and the share of the whole it adds itself. */
export function PlanTree({ plan, warnings }: { plan: PlanNode; warnings: readonly string[] }) {
  const [all, setAll] = useState(false);
  const lines = planLines(plan);
  const shown = all ? lines : lines.slice(0, firstLines);
  const mostRows = Math.max(1, ...lines.map(({ node }) => node.rows));
  return (
    <div className="grid grid-cols-1 gap-3">
      {warnings.map((warning) => (
        <p key={warning} className="flex gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
          <StateIcon state="warning" className="mt-px" />
          {warning}
        </p>
      ))}
      <div className="-mx-4 overflow-x-auto">
        <table className="w-full min-w-140 border-collapse text-sm">
          <thead>
            <tr className="border-b border-hairline text-muted">
              <th scope="col" className="h-8 w-full pl-4 text-left font-medium">
                Step
              </th>
              <th scope="col" className="px-3 text-right font-medium" title="Rows the planner expects">
                Rows
              </th>
              <th scope="col" className="hidden px-3 text-right font-medium sm:table-cell">
                Cost
              </th>
              <th scope="col" className="pr-4 pl-3 text-left font-medium whitespace-nowrap">
                Own share
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <PlanRow key={line.id} line={line} mostRows={mostRows} />
            ))}
          </tbody>
        </table>
      </div>
      {lines.length > shown.length && (
        <Button size="sm" variant="ghost" className="justify-self-start" onClick={() => setAll(true)}>
          Show all {lines.length} steps
        </Button>
      )}
    </div>
  );
}

function PlanRow({ line: { node, depth, repeated }, mostRows }: { line: PlanLine; mostRows: number }) {
  return (
    <tr className="border-b border-hairline align-top last:border-b-0">
      <td className="max-w-0 min-w-60 py-1.5" style={{ paddingLeft: 16 + Math.min(depth, 12) * 18 }}>
        <p className="flex items-baseline gap-1.5">
          {depth > 0 && <CornerDownRight aria-hidden className="size-3 shrink-0 text-faint" />}
          <span className="font-medium whitespace-nowrap">{node.node}</span>
          {node.relation && (
            <span className="min-w-0 truncate font-mono text-xs text-muted" title={node.relation}>
              {node.relation}
              {node.index && <span className="text-faint"> using {node.index}</span>}
            </span>
          )}
          {!node.relation && node.index && (
            <span className="min-w-0 truncate font-mono text-xs text-muted">{node.index}</span>
          )}
          {repeated > 0 && <span className="shrink-0 text-xs text-faint">and {repeated} more like it</span>}
        </p>
        {node.details.map(([label, text]) => (
          <p
            key={label}
            className={cn("truncate text-xs text-faint", depth > 0 && "pl-4.5")}
            title={`${label}: ${text}`}
          >
            {label}: <span className="font-mono text-2xs text-muted">{text}</span>
          </p>
        ))}
      </td>
      <td className="px-3 py-1.5 text-right" title={formatExact(node.rows, "count")}>
        {formatNumber(node.rows)}
        <Bar share={node.rows / mostRows} className="ml-auto w-14 bg-series-3" />
      </td>
      <td
        className="hidden px-3 py-1.5 text-right whitespace-nowrap text-muted sm:table-cell"
        title={`${node.startupCost} until the first row, ${node.totalCost} in all`}
      >
        {formatNumber(node.totalCost)}
      </td>
      <td className="py-1.5 pr-4 pl-3">
        <span className={node.ownCostShare >= 0.3 ? "font-medium" : "text-muted"}>
          {formatRatio(node.ownCostShare)}
        </span>
        <Bar share={node.ownCostShare} className="w-24 bg-accent" />
      </td>
    </tr>
  );
}

function Bar({ share, className }: { share: number; className: string }) {
  return (
    <span aria-hidden className="mt-0.5 block h-1">
      <span
        className={cn("block h-full rounded-full", className)}
        style={{ transform: `scaleX(${Math.max(0.02, Math.min(1, share))})`, transformOrigin: "left" }}
      />
    </span>
  );
}
