"use client";

import { useOpenPlan } from "@/components/partition-plan/plan-url.ts";
import { Button } from "@/components/ui/button.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import type { PartmanOverview } from "@/lib/partitions/get-partman.ts";
import { nameRelation } from "@/lib/quote-sql.ts";

/** A table whose partitions pg_partman makes: its settings, its last run, and what goes through it. */
export function PartmanTable({ table }: { table: PartmanOverview }) {
  const [, show] = useOpenPlan();
  const { installation, lastRun, automatic } = table;
  const relation = { schema: table.schema, name: table.name };
  return (
    <li
      data-partman={nameRelation(relation)}
      className="grid gap-x-6 gap-y-3 py-3 text-sm first:pt-0 last:pb-0 sm:grid-cols-[12rem_minmax(0,1fr)_auto] sm:items-start"
    >
      <div>
        <p className="text-xs text-muted">Last run of its maintenance</p>
        {lastRun ? (
          <p className="text-lg font-semibold">
            <Time at={lastRun} />
          </p>
        ) : (
          <p className="text-muted">
            {installation.tellsLastRun ? "none that went well" : "not told before version 5.1"}
          </p>
        )}
      </div>
      <div className="min-w-0">
        <p className="text-xs text-muted">{nameRelation(relation)}</p>
        <p className="break-words">
          <span className="font-medium">
            {automatic === "off" ? "On the list of pg_partman" : "Kept by pg_partman"} {installation.version}
          </span>
          {automatic !== "on" && (
            <>
              {" "}
              <StateBadge state="warning">automatic maintenance {automatic}</StateBadge>
            </>
          )}
          <span className="block text-muted">
            {formatNumber(table.premake)} ahead, each of {table.interval}, by {table.control};{" "}
            {table.retention ? `retention ${table.retention}` : "no retention"}
          </span>
        </p>
      </div>
      <span className="flex flex-wrap gap-2">
        <Button size="sm" onClick={() => show({ request: { verb: "run-partman", table: relation } })}>
          Plan its maintenance
        </Button>
        {automatic !== "off" && (
          <Button
            size="sm"
            variant="ghost"
            onClick={() => show({ request: { verb: "leave-partman", table: relation } })}
          >
            Leave pg_partman
          </Button>
        )}
      </span>
    </li>
  );
}
