"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { WatchedSettings } from "@/lib/maintenance/read-settings.ts";
import { tableOf } from "./table-of.ts";

interface Row {
  name: string;
  setting: string;
  appliesTo: string;
  source: string | null;
  waits: boolean;
}

/** Settings that protect data, those a restart would change, and what is put on databases and roles. */
export function SettingsPanel({ className }: { className: string }) {
  const read = useRead("watchedSettings", {});
  return (
    <Panel
      id="watched-settings"
      title="Settings"
      unit={read.data?.seesAll === false ? "without those that superusers alone see" : "in force"}
      read={read}
      height={230}
      flush
      className={className}
      info={{
        what: "What must be on for data to survive a crash and for autovacuum to work, every setting that waits for a restart, and values put on databases and roles, which win over the server's.",
        sql: "select name, setting, source, pending_restart from pg_settings;\nselect * from pg_db_role_setting;",
      }}
      table={(settings) => tableOf(columns, rowsOf(settings))}
    >
      {(settings) => (
        <DataTable
          id="settings"
          label="Settings"
          rows={rowsOf(settings)}
          columns={columns}
          rowKey={(row) => `${row.name} ${row.appliesTo}`}
          toolbar={false}
          maxHeight={320}
        />
      )}
    </Panel>
  );
}

function rowsOf({ settings, overrides }: WatchedSettings): Row[] {
  return [
    ...settings.map(({ name, setting, source, waitsForRestart }) => ({
      ...{ name, setting, source, appliesTo: "the server", waits: waitsForRestart },
    })),
    ...overrides.map(({ name, setting, database, role }) => ({
      ...{ name, setting, source: null, waits: false },
      appliesTo:
        [role && `role ${role}`, database && `database ${database}`].filter(Boolean).join(" in ") ||
        "every role",
    })),
  ];
}

const columns: Column<Row>[] = [
  { id: "name", header: "Setting", value: (row) => row.name, grow: true },
  { id: "setting", header: "Value", value: (row) => row.setting },
  { id: "applies", header: "Applies to", value: (row) => row.appliesTo },
  { id: "source", header: "From", value: (row) => row.source, from: "sm" },
  {
    id: "waits",
    header: "Restart",
    value: (row) => (row.waits ? "a change waits for it" : null),
    from: "sm",
    help: "Changed in the files; it applies from the next start on",
  },
];
