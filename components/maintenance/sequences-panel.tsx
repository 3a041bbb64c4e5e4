"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { SequenceUse } from "@/lib/maintenance/get-sequences.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { tableOf } from "./table-of.ts";

/** Sequences by how near their end they are: behind it every insert fails. */
export function SequencesPanel() {
  const read = useRead("sequences", {});
  const { refused = 0, locked = 0 } = read.data ?? {};
  const left = [refused > 0 && `${refused} cannot be read`, locked > 0 && `${locked} locked just now`].filter(
    Boolean,
  );
  return (
    <Panel
      id="sequences"
      title="Sequences"
      unit={left.length > 0 ? left.join(", ") : "the most used first"}
      read={read}
      height={110}
      flush
      info={{
        what: "How far each sequence has come towards its end, or towards the end of the integer column it fills. Those that cycle never end and are left out. pg_monitor alone does not let a role read sequences: grant SELECT on them.",
        sql: "select schemaname, sequencename, last_value, max_value from pg_sequences where not cycle;",
      }}
      empty={({ total }) => total === 0 && (refused > 0 ? "No sequence can be read" : "No sequence can end")}
      table={({ readable }) => tableOf(columns, readable)}
    >
      {({ readable }) => (
        <DataTable
          id="sequences"
          label="Sequences"
          rows={readable}
          columns={columns}
          rowKey={(row) => String(row.oid)}
          toolbar={false}
          maxHeight={280}
        />
      )}
    </Panel>
  );
}

const columns: Column<SequenceUse>[] = [
  { id: "name", header: "Sequence", value: (row) => nameRelation(row), grow: true },
  {
    id: "used",
    header: "Used",
    value: (row) => row.used,
    unit: "ratio",
    help: "Share of its values that are used up",
  },
  {
    id: "last",
    header: "Last value",
    value: (row) => row.last,
    align: "right",
    from: "sm",
  },
  { id: "end", header: "Ends at", value: (row) => row.end, align: "right", from: "lg" },
  {
    id: "fills",
    header: "Column",
    value: (row) => row.fills && `${row.fills.table}.${row.fills.column} (${row.fills.type})`,
    from: "lg",
    help: "The column that holds no larger value",
  },
];
