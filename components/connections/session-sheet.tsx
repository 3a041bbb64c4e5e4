"use client";

import { useRef } from "react";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { neighbours, Sheet } from "@/components/ui/sheet.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { useTab } from "@/components/ui/tabs.tsx";
import { Time } from "@/components/ui/time.tsx";
import { oldest } from "@/lib/client/aged.ts";
import { formatExact, formatSeconds } from "@/lib/client/format.ts";
import { useOwnQueries } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { ServerSession } from "@/lib/connections/types.ts";
import { flatten } from "./blockers-panel.tsx";
import { connectionInputs } from "./connections-inputs.ts";
import { explainWait } from "./explain-wait.ts";
import { useSelectedSession } from "./selected-session.ts";
import { SessionActions } from "./session-actions.tsx";
import { SessionState } from "./session-state.tsx";
import { transactionTabs } from "./transactions-panel.tsx";

/** Everything known of the session that the URL names, from whichever list holds it. */
export function SessionSheet() {
  const { hideOwn } = useOwnQueries();
  const [pid, select] = useSelectedSession();
  const [tab] = useTab("transactions", transactionTabs);
  const open = useRead("longestTransactions", connectionInputs.transactions(hideOwn));
  const idle = useRead("idleInTransaction", connectionInputs.idle(hideOwn));
  const blockers = useRead("blockers", connectionInputs.blockers());
  const inTree = (blockers.data?.roots ?? []).flatMap(flatten).flatMap((node) => node.session ?? []);
  const rows = (tab === "open" ? open.data : idle.data) ?? [];
  const known = [...rows, ...inTree, ...(open.data ?? []), ...(idle.data ?? [])];
  const found = known.find((session) => session.pid === pid);
  // A transaction may end while somebody reads about it: its last known figures stay.
  const last = useRef<ServerSession | null>(null);
  if (found) last.current = found;
  const session = found ?? (last.current?.pid === pid ? last.current : null);
  const list = rows.some((row) => row.pid === pid) ? rows : inTree;
  return (
    <Sheet
      open={pid !== null}
      onClose={() => select(null)}
      aged={oldest([open, idle, blockers])}
      title={`Session ${pid ?? ""}`}
      description={session ? [session.application, session.user].filter(Boolean).join(" · ") : undefined}
      {...neighbours(
        list,
        (row) => row.pid === pid,
        (row) => select(row.pid),
      )}
    >
      {!found && open.data && (
        <p className="mb-4 rounded-md bg-notice-soft px-3 py-2 text-sm">
          {session
            ? "Its transaction has ended; these are the last figures."
            : "No session with this number has an open transaction or waits for a lock now."}
        </p>
      )}
      {session && <SessionFacts session={session} />}
    </Sheet>
  );
}

function SessionFacts({ session }: { session: ServerSession }) {
  const target = useTarget();
  return (
    <div className="grid gap-5">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm [&_dt]:text-faint">
        <dt>State</dt>
        <dd>
          <SessionState session={session} /> for {formatSeconds(session.stateSeconds)}
        </dd>
        <dt>Transaction</dt>
        <dd>
          {session.transactionSeconds === null ? (
            "none open"
          ) : (
            <>
              open for {formatSeconds(session.transactionSeconds)}, since{" "}
              <Time at={session.transactionStartedAt} show="instant" />
            </>
          )}
        </dd>
        <dt>Query</dt>
        <dd>
          {session.state === "active" ? "has run for " : "began "}
          {formatSeconds(session.querySeconds)}
          {session.state === "active" ? "" : " ago"}
        </dd>
        <dt>Waits</dt>
        <dd>
          {session.waitEventType
            ? `${explainWait(session.waitEventType, session.waitEvent)} (${session.waitEventType} ${session.waitEvent})`
            : "nothing"}
        </dd>
        <dt>Holds back vacuum</dt>
        <dd>
          {session.xminAge === null
            ? "no"
            : `for ${formatExact(session.xminAge, "count")} ${session.xminAge === 1 ? "transaction" : "transactions"}`}
        </dd>
        <dt>Database</dt>
        <dd>{session.database ?? "–"}</dd>
        <dt>Client</dt>
        <dd>{session.client ?? "local socket"}</dd>
        <dt>Process</dt>
        <dd>
          {session.backendType ?? "–"}
          {session.own && ", the console's own"}
        </dd>
      </dl>
      <section className="grid gap-2">
        <div className="flex items-baseline justify-between gap-3">
          <h3 className="text-sm font-semibold">
            {session.state === "active" ? "Running query" : "Last query"}
          </h3>
          {session.statementKey && (
            <ConsoleLink
              href={`/${encodeURIComponent(target)}/queries/${encodeURIComponent(session.statementKey)}`}
              className="text-sm text-accent hover:underline"
            >
              Its figures over time
            </ConsoleLink>
          )}
        </div>
        {session.query ? (
          <SqlBlock sql={session.query} maxHeight={320} />
        ) : (
          <p className="text-sm text-muted">The server does not show it to our role.</p>
        )}
        <p className="text-xs text-faint">At most 1,000 characters; secrets in it are left out.</p>
      </section>
      <SessionActions session={session} />
    </div>
  );
}
