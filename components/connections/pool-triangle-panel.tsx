"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { AgedFigures, AsOf } from "@/components/ui/aged-figures.tsx";
import { cn } from "@/components/ui/cn.ts";
import { type State, StateIcon } from "@/components/ui/state-badge.tsx";
import { oldest } from "@/lib/client/aged.ts";
import { useOwnQueries, useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { PoolerPool } from "@/lib/connections/read-pooler.ts";
import type { ApplicationPools, ServerConnections } from "@/lib/connections/types.ts";
import { connectionInputs } from "./connections-inputs.ts";
import { describeWaiting, type PoolerWaits, type WaitingAnswer } from "./describe-waiting.ts";
import { isKnown, newest, poolParts, serverLane, serverParts, unseenServerParts } from "./lane-series.ts";
import { lanesTable } from "./lanes-table.ts";
import { type Lane, PoolLanes } from "./pool-lanes.tsx";
import { poolerLane } from "./pooler-lane.tsx";

/** Three lanes on one axis: application pool, pooler, server. Where the waiting colour appears, requests queue. */
export function PoolTrianglePanel() {
  const range = useTimeRange();
  const { hideOwn } = useOwnQueries();
  const read = useRead("connectionHistory", connectionInputs.history(range.input));
  const poolHistory = useRead("poolHistory", connectionInputs.history(range.input));
  const pooler = useRead("poolerHistory", connectionInputs.history(range.input));
  const poolerPools = useRead("poolerPools", connectionInputs.pooler());
  const poolerNow = poolerPools.observed?.unavailable ? undefined : poolerPools.data?.pools;
  const server = useRead("serverConnections", connectionInputs.server(hideOwn));
  const pools = useRead("applicationPools", connectionInputs.pools());
  const blockers = useRead("blockers", connectionInputs.blockers());
  const answer =
    server.data && describeWaiting(pools.data, server.data, blockers.data, poolerWaits(poolerNow));
  return (
    <Panel
      id="pools"
      title="Where requests wait"
      unit="connections"
      read={read}
      also={[poolHistory, pooler, poolerPools, server, pools, blockers]}
      height={372}
      className="max-sm:min-h-[662px]"
      info={{
        what: "A request passes the application's pool, then a pooler if there is one, then the server. The band above a lane lights up where something waited there. The pools are those of this product's engine, of every process; the server's lane counts every client connection, the console's own among them.",
        sql: "select state, count(*),\n  count(*) filter (where state = 'active' and wait_event_type not in ('Client', 'Activity')) as waiting\nfrom pg_stat_activity where backend_type = 'client backend' group by state;",
      }}
      table={(data) => lanesTable(data, poolHistory.data, pooler.data)}
    >
      {(data) => {
        const lane = serverLane(data);
        const seen = isKnown(data, "connections.active");
        const lanes: Lane[] = [
          {
            key: "application",
            title: "Application pools",
            now: <PoolsNow pools={pools.data} />,
            history: poolHistory.data ?? null,
            parts: poolParts,
            capacity: poolHistory.data ? newest(poolHistory.data, "pools.max") : null,
            capacityLabel: "at most",
            absent: poolHistory.error?.message ?? "Reading the pools …",
          },
          poolerLane(pooler, poolerNow),
          {
            key: "server",
            title: "Server",
            now: <ServerNow server={server.data} />,
            history: lane,
            parts: seen ? serverParts : unseenServerParts,
            capacity: server.data?.limits.usable ?? newest(data, "connections.max"),
            capacityLabel: server.data ? "usable" : "max_connections",
          },
        ];
        return (
          <>
            <AgedFigures aged={oldest([pooler, poolerPools, server, pools, blockers])}>
              <Answer answer={answer} />
            </AgedFigures>
            <PoolLanes lanes={lanes} />
            <Legend />
          </>
        );
      }}
    </Panel>
  );
}

/** Who waits in the pooler now; samples over time are means, and half a client waits for nothing. */
function poolerWaits(pools: readonly PoolerPool[] | undefined): PoolerWaits | null {
  if (!pools) return null;
  return {
    clients: pools.reduce((sum, { clientsWaiting }) => sum + clientsWaiting, 0),
    seconds: Math.max(0, ...pools.map(({ maxWaitSeconds }) => maxWaitSeconds)),
    pool: pools.find(({ clientsWaiting }) => clientsWaiting > 0),
  };
}

/** Room for the longest answer, so that the lanes below stay where they are: two lines of title and three of detail on a phone. */
const answerHeight = "min-h-14 max-sm:min-h-30";

function Answer({ answer }: { answer: WaitingAnswer | undefined }) {
  if (!answer) return <div className={answerHeight} />;
  const state: State = answer.state;
  return (
    <div className={cn("flex items-start gap-3 pb-2", answerHeight)} data-waiting={answer.state}>
      <StateIcon state={state} className="mt-1 size-5" />
      <div className="min-w-0">
        <p className="text-xl font-semibold tracking-tight break-words">{answer.title}</p>
        <p className="text-sm text-muted">
          <AsOf then=" · " />
          {answer.detail}
        </p>
      </div>
    </div>
  );
}

function PoolsNow({ pools }: { pools: ApplicationPools | undefined }) {
  if (!pools) return <p className="h-9" />;
  const sum = (field: "active" | "max" | "waiting") =>
    pools.byPurpose.reduce((all, pool) => all + pool[field], 0);
  const silent = pools.instances.filter((instance) => instance.silentSince).length;
  return (
    <p className="text-sm text-muted">
      <Strong value={sum("active")} /> of {sum("max")} in use
      <br />
      <Waiting value={sum("waiting")} />
      {silent > 0 && <span className="text-warning"> · {silent} silent</span>}
    </p>
  );
}

function ServerNow({ server }: { server: ServerConnections | undefined }) {
  if (!server) return <p className="h-9" />;
  return (
    <p className="text-sm text-muted">
      <Strong value={server.limits.used} /> of {server.limits.usable} taken
      <br />
      {server.waiting === null ? (
        "states hidden, see below"
      ) : (
        <>
          <Waiting value={server.waiting} />
          {(server.waitingForLock ?? 0) > 0 && `, ${server.waitingForLock} for a lock`}
        </>
      )}
    </p>
  );
}

function Strong({ value }: { value: number }) {
  return <strong className="text-base font-semibold text-ink">{value}</strong>;
}

function Waiting({ value }: { value: number }) {
  return value > 0 ? (
    <strong className="font-semibold text-(--series-6)">{value} waiting</strong>
  ) : (
    <span>none waiting</span>
  );
}

const keys = [
  ["running, in use", "var(--series-5)"],
  ["waiting", "var(--series-6)"],
  ["idle in transaction", "var(--series-1)"],
  ["idle", "color-mix(in oklab, var(--series-2) 45%, var(--panel))"],
] as const;

function Legend() {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 pt-1 text-xs text-muted sm:pl-[216px]">
      {keys.map(([words, colour]) => (
        <li key={words} className="flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-[2px]" style={{ background: colour }} />
          {words}
        </li>
      ))}
    </ul>
  );
}
