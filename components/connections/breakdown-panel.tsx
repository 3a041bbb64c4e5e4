"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { NotAvailable } from "@/components/panel/panel-body.tsx";
import { Tabs } from "@/components/ui/tabs.tsx";
import { formatRatio } from "@/lib/client/format.ts";
import { useOwnQueries } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { ConnectionGroup, ServerConnections } from "@/lib/connections/types.ts";
import { connectionInputs } from "./connections-inputs.ts";

const tabs = [
  ["application", "Application"],
  ["user", "User"],
  ["database", "Database"],
  ["client", "Client"],
] as const;
type By = (typeof tabs)[number][0];
const nameless: Record<By, string> = {
  application: "no application name",
  user: "no user",
  database: "no database",
  client: "local socket",
};
const most = 9;

/** Who holds the connections, and in which state. */
export function BreakdownPanel() {
  const { hideOwn } = useOwnQueries();
  const read = useRead("serverConnections", connectionInputs.server(hideOwn));
  return (
    <Panel
      id="holders"
      title="Who holds them"
      unit="connections now"
      read={read}
      height={264}
      info={{
        what: "Client connections of this moment, split by state: blue runs, amber sits in an open transaction, pale is idle.",
        sql: "select application_name, usename, datname, client_addr, state, count(*)\nfrom pg_stat_activity where backend_type = 'client backend' group by 1, 2, 3, 4, 5;",
      }}
      table={(data) => ({
        columns: [
          { label: "by" },
          { label: "name" },
          { label: "connections", unit: "count" },
          { label: "active", unit: "count" },
          { label: "idle", unit: "count" },
          { label: "idle in transaction", unit: "count" },
        ],
        rows: tabs.flatMap(([by]) =>
          (groupsBy(data, by) ?? []).map((group) => [
            by,
            group.name ?? nameless[by],
            group.count,
            group.active,
            group.idle,
            group.idleInTransaction,
          ]),
        ),
      })}
    >
      {(data) => (
        <Tabs param="by" label="Connections by" tabs={tabs}>
          {(by) => {
            const groups = groupsBy(data, by);
            if (!groups && data.hidden) return <NotAvailable unavailable={data.hidden} />;
            return <Groups groups={groups ?? []} by={by} total={data.total} />;
          }}
        </Tabs>
      )}
    </Panel>
  );
}

function groupsBy(data: ServerConnections, by: By): ConnectionGroup[] | null {
  const groups = {
    application: data.byApplication,
    user: data.byUser,
    database: data.byDatabase,
    client: data.byClient,
  };
  return groups[by];
}

function Groups({ groups, by, total }: { groups: readonly ConnectionGroup[]; by: By; total: number }) {
  const largest = Math.max(1, ...groups.map((group) => group.count));
  const rest = groups.slice(most).reduce((all, group) => all + group.count, 0);
  if (groups.length === 0)
    return <p className="py-8 text-center text-sm text-muted">No other client is connected.</p>;
  return (
    <ul aria-label={`Connections by ${by}`} className="grid gap-1.5">
      {groups.slice(0, most).map((group) => (
        <li key={group.name ?? ""} data-group={group.name ?? ""} className="grid gap-1">
          <div className="flex items-baseline gap-2 text-sm">
            <span className="min-w-0 grow truncate" title={group.name ?? nameless[by]}>
              {group.name ?? <span className="text-faint">{nameless[by]}</span>}
            </span>
            {(group.idleInTransaction ?? 0) > 0 && (
              <span className="shrink-0 text-xs text-warning">
                {group.idleInTransaction} idle in transaction
              </span>
            )}
            <span className="shrink-0 text-xs text-faint">
              {formatRatio(group.count / Math.max(1, total))}
            </span>
            <span className="w-8 shrink-0 text-right font-medium">{group.count}</span>
          </div>
          <StateBar group={group} largest={largest} />
        </li>
      ))}
      {rest > 0 && (
        <li className="flex justify-between text-sm text-muted">
          <span>{groups.length - most} others</span>
          <span className="font-medium">{rest}</span>
        </li>
      )}
    </ul>
  );
}

function StateBar({ group, largest }: { group: ConnectionGroup; largest: number }) {
  const { active, idleInTransaction, idle, count } = group;
  const known = active !== null && idle !== null && idleInTransaction !== null;
  const parts: [string, number, string][] = known
    ? [
        ["active", active, "var(--series-5)"],
        ["idle in transaction", idleInTransaction, "var(--series-1)"],
        ["idle", idle, "var(--series-2)"],
        ["other", Math.max(0, count - active - idle - idleInTransaction), "var(--series-8)"],
      ]
    : [["state hidden", count, "var(--series-8)"]];
  const words = parts.filter(([, value]) => value > 0).map(([label, value]) => `${value} ${label}`);
  return (
    <span
      role="img"
      aria-label={words.join(", ")}
      title={words.join(", ")}
      className="flex h-1.5 gap-px overflow-hidden rounded-full"
      style={{ width: `${Math.max(2, (count / largest) * 100)}%` }}
    >
      {parts.map(([label, value, colour]) =>
        value > 0 ? (
          <span key={label} className="min-w-0.5" style={{ flexGrow: value, background: colour }} />
        ) : null,
      )}
    </span>
  );
}
