"use client";

import { CalendarClock } from "lucide-react";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { NotAvailable } from "@/components/panel/panel-body.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import type { Upkeep } from "@/lib/upkeep/get-upkeep.ts";
import { PartmanTable } from "./partman-table.tsx";
import { UpkeepEditor } from "./upkeep-editor.tsx";
import { UpkeepRule } from "./upkeep-rule.tsx";
import { qualifyTable, type Tree, whoKeeps } from "./who-keeps.ts";

/** Pixels: one rule, or none. */
const height = 76;

/** Who makes the next partitions of the shown table, and when. */
export function UpkeepPanel({ tree }: { tree: Tree | null | undefined }) {
  const read = useRead("upkeep", {});
  return (
    <Panel
      id="upkeep"
      title="Upkeep"
      unit={tree ? nameRelation(tree.root) : "partitions made ahead"}
      read={read}
      height={height}
      className="max-sm:min-h-[190px]"
      info={{
        what: "A rule makes a table's partitions ahead by the clock, like their newest sibling. It is proposed first and runs once a person has approved it. Partitions are never removed by it.",
      }}
    >
      {(rules) => tree && <Rules tree={tree} rules={rules} />}
    </Panel>
  );
}

function Rules({ tree, rules }: { tree: Tree; rules: readonly Upkeep[] }) {
  const partman = useRead("partman", {});
  const { managed, own, nobody } = whoKeeps(tree, rules, partman.observed, partman.error !== null);
  return (
    <div className="grid gap-3">
      {managed.length + own.length > 0 && (
        <ul className="divide-y divide-hairline">
          {managed.map((table) => (
            <PartmanTable key={qualifyTable(table)} table={table} />
          ))}
          {own.map((rule) => (
            <UpkeepRule key={rule.id} rule={rule} />
          ))}
        </ul>
      )}
      {nobody === "surely" && <NoRule table={tree.root} />}
      {nobody === "asking" && <Skeleton className="h-8" />}
      {nobody === "without ranges" && (
        <p className="text-sm text-muted">
          {nameRelation(tree.root)} is not cut by ranges: nothing can be made ahead.
        </p>
      )}
      {nobody === "hidden" && partman.observed?.unavailable && (
        <NotAvailable unavailable={partman.observed.unavailable} />
      )}
      {nobody === "unanswered" && (
        <p role="alert" className="text-sm">
          <span className="font-medium">
            Whether pg_partman makes the partitions of {nameRelation(tree.root)} is not known.
          </span>{" "}
          <span className="text-muted">{partman.error?.message}</span>
        </p>
      )}
    </div>
  );
}

function NoRule({ table }: { table: Tree["root"] }) {
  const { person } = useConsole();
  const [editing, setEditing] = useState(false);
  const may = roleReaches(person.role, "operator");
  const { schema, name } = table;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <CalendarClock aria-hidden className="size-5 shrink-0 text-faint" />
      <p className="min-w-0 grow basis-72 text-sm">
        <span className="font-medium">Nothing here makes the next partitions of {nameRelation(table)}.</span>{" "}
        <span className="text-muted">
          Upkeep makes them ahead by the clock.{" "}
          {may ? "Set it up, look at its next runs, then approve it." : "An operator can set it up."}
        </span>
      </p>
      {may && (
        <Button variant="primary" size="sm" onClick={() => setEditing(true)}>
          Set up upkeep
        </Button>
      )}
      {editing && <UpkeepEditor open onOpenChange={setEditing} table={{ schema, name }} rule={null} />}
    </div>
  );
}
