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

export const transactionTabs = ["open", "idle"] as const;

/** Open transactions, the oldest first, and of them those that do nothing. */
export function TransactionsPanel() {
  const { hideOwn } = useOwnQueries();
  const [tab, setTab] = useTab("transactions", transactionTabs);
  const [selected, select] = useSelectedSession();
  const open = useRead("longestTransactions", connectionInputs.transactions(hideOwn));
  const idle = useRead("idleInTransaction", connectionInputs.idle(hideOwn));
  const read = tab === "open" ? open : idle;
  return (
    <Panel
      id="transactions"
      title={tab === "open" ? "Longest transactions" : "Idle in transaction"}
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
          ]}
          onChange={(next) => void setTab(next)}
        />
      }
      info={{
        what: "An open transaction keeps its locks and keeps vacuum from cleaning up after others. Idle in transaction means that its application opened one and does nothing. Query texts are cut and secrets in them left out.",
        sql: "select pid, usename, application_name, state, xact_start, now() - xact_start as age, query\nfrom pg_stat_activity where xact_start is not null order by xact_start;",
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
          label={tab === "open" ? "Open transactions" : "Sessions idle in transaction"}
          rows={rows}
          columns={columns}
          rowKey={(row) => String(row.pid)}
          {...(tab === "open" ? { defaultSort: byAge } : { defaultSort: byIdle })}
          onRowClick={(row) => void select(row.pid)}
          selectedKey={selected === null ? null : String(selected)}
          maxHeight={190}
          empty={tab === "open" ? "No transaction is open" : "Nobody is idle in a transaction"}
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
    value: (s) => s.pid,
    cell: (s) => <span className="font-mono text-xs">{s.pid}</span>,
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
    value: (s) => s.query,
    cell: (s) => <code className="font-mono text-xs">{s.query ?? "–"}</code>,
    grow: true,
    from: "sm",
  },
];

function Age({ seconds }: { seconds: number | null }) {
  const tone = seconds === null || seconds < 60 ? "" : seconds < 300 ? "text-warning" : "text-critical";
  return <span className={`font-medium ${tone}`}>{formatSeconds(seconds)}</span>;
}
