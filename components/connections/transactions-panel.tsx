"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { useTab } from "@/components/ui/tabs.tsx";
import { formatSeconds } from "@/lib/client/format.ts";
import { useOwnQueries } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { ServerSession } from "@/lib/connections/types.ts";
import { connectionInputs } from "./connections-inputs.ts";
import { useSelectedSession } from "./selected-session.ts";
import { SessionState } from "./session-state.tsx";

export const transactionTabs = ["open", "idle", "long"] as const;

/** Title of each list, what its rows are, and what it says without any. */
const lists = {
  open: ["Longest transactions", "Open transactions", "No transaction is open"],
  idle: ["Idle in transaction", "Sessions idle in transaction", "Nobody is idle in a transaction"],
  long: ["Long queries", "Long queries", "No query has run for a minute"],
} as const;

/** Open transactions, the oldest first, of them those that do nothing, and statements that run for long. */
export function TransactionsPanel() {
  const { hideOwn } = useOwnQueries();
  const [tab, setTab] = useTab("transactions", transactionTabs);
  const [selected, select] = useSelectedSession();
  const open = useRead("longestTransactions", connectionInputs.transactions(hideOwn));
  const idle = useRead("idleInTransaction", connectionInputs.idle(hideOwn));
  const long = useRead("longQueries", connectionInputs.longQueries());
  const read = { open, idle, long }[tab];
  const [title, label, none] = lists[tab];
  return (
    <Panel
      id="transactions"
      title={title}
      unit="now"
      read={read}
      height={232}
      flush
      actions={
        <Choice
          label="Transactions"
          value={tab}
          choices={[
            ["open", "All open", open.data?.length],
            ["idle", "Idle", idle.data?.length],
            ["long", "Long queries", long.data?.length],
          ]}
          onChange={(next) => void setTab(next)}
        />
      }
      info={{
        what: "An open transaction keeps its locks and keeps vacuum from cleaning up after others. Idle in transaction means that its application opened one and does nothing. A prepared transaction has no session: it stays, across restarts, until somebody connected to its database as its owner or a superuser commits or rolls it back. Long queries have run for a minute and more; dumps, restores and the console's own are left out. Query texts are cut and secrets in them left out.",
        sql: "select pid, usename, application_name, state, xact_start, now() - xact_start as age, query\nfrom pg_stat_activity where xact_start is not null order by xact_start;\nselect gid, prepared, owner, database from pg_prepared_xacts order by prepared;",
      }}
      table={(rows) => ({
        columns: columns.map((column) => ({
          label: column.header,
          ...(column.unit && { unit: column.unit }),
        })),
        rows: rows.map((row) => columns.map((column) => column.value(row))),
      })}
    >
      {(rows) => (
        <DataTable
          id="tx"
          label={label}
          rows={rows}
          columns={columns}
          rowKey={(row) => (row.prepared ? `prepared ${row.prepared.gid}` : String(row.pid))}
          defaultSort={tab === "open" ? byAge : byIdle}
          onRowClick={(row) => !row.prepared && void select(row.pid)}
          selectedKey={selected === null ? null : String(selected)}
          maxHeight={190}
          empty={none}
        />
      )}
    </Panel>
  );
}

const byAge = { id: "age", desc: true };
const byIdle = { id: "inState", desc: true };

const columns: Column<ServerSession>[] = [
  {
    id: "pid",
    header: "Pid",
    value: (s) => (s.prepared ? null : s.pid),
    cell: (s) => <span className="font-mono text-xs">{s.prepared ? "–" : s.pid}</span>,
    align: "left",
    width: 72,
  },
  {
    id: "age",
    header: "Transaction",
    value: (s) => s.transactionSeconds,
    unit: "seconds",
    help: "How long its transaction has been open",
    cell: (s) => <Age seconds={s.transactionSeconds} />,
  },
  {
    id: "who",
    header: "Application",
    value: (s) => s.application ?? s.user ?? s.backendType,
    cell: (s) => (
      <span title={[s.user, s.database, s.client].filter(Boolean).join(" · ")}>
        {s.application ?? s.user ?? <span className="text-muted">{s.backendType}</span>}
        {s.own && <span className="ml-1.5 text-xs text-faint">own</span>}
      </span>
    ),
    width: 120,
  },
  { id: "user", header: "User", value: (s) => s.user, from: "lg" },
  { id: "state", header: "State", value: (s) => s.state, cell: (s) => <SessionState session={s} /> },
  {
    id: "inState",
    header: "In state",
    value: (s) => s.stateSeconds,
    unit: "seconds",
    from: "sm",
    help: "How long it has been in this state",
  },
  {
    id: "waits",
    header: "Waits for",
    value: (s) =>
      s.waitEventType === "Client" ? null : s.waitEventType && `${s.waitEventType} ${s.waitEvent}`,
    from: "lg",
  },
  {
    id: "xmin",
    header: "Holds back",
    value: (s) => s.xminAge,
    unit: "count",
    from: "lg",
    help: "Transactions since its snapshot, whose dead rows vacuum must keep",
  },
  {
    id: "query",
    header: "Query",
    value: text,
    cell: (s) => <code className="font-mono text-xs">{text(s) ?? "–"}</code>,
    grow: true,
    from: "sm",
  },
];

/** What a session runs; of a prepared transaction, which runs nothing, how it is ended. */
function text({ query, prepared }: ServerSession): string | null {
  if (!prepared) return query;
  return prepared.commit ? `${prepared.gid}: ${prepared.commit} or ${prepared.rollback}` : prepared.gid;
}

function Age({ seconds }: { seconds: number | null }) {
  const tone = seconds === null || seconds < 60 ? "" : seconds < 300 ? "text-warning" : "text-critical";
  return <span className={`font-medium ${tone}`}>{formatSeconds(seconds)}</span>;
}
