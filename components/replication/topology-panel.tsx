"use client";

import type { ReactNode } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { cn } from "@/components/ui/cn.ts";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { ReplicationServer } from "@/lib/replication/types.ts";
import { NoStandby } from "./no-standby.tsx";
import { indentStyle, ServerRow, serverColumns } from "./server-row.tsx";
import { buildTree, type ServerBranch } from "./server-tree.ts";
import { describeServer, describeTopology, type TopologyWords } from "./server-words.ts";
import { walStages } from "./wal-stages.ts";

/** Every server and who feeds it, drawn as a tree, with the WAL that waits at each stage on the way. */
export function TopologyPanel() {
  const read = useRead("replicationTopology", {});
  return (
    <Panel
      id="topology"
      title="Who follows whom"
      read={read}
      height={224}
      // Two standbys need more room beneath each other than beside.
      className="max-md:min-h-120 xl:col-span-12"
      info={{
        what: "The configured servers and everyone they feed. A change is sent, written, flushed and replayed; the figures on the line are the WAL that waits before each stage. The age at the right is the larger of what the sender was told and what the console's own probes find: a standby that hangs tells nothing more.",
        sql: "select application_name, state, sync_state, sent_lsn, write_lsn, flush_lsn, replay_lsn, replay_lag\nfrom pg_stat_replication;\nselect status, sender_host, sender_port, slot_name from pg_stat_wal_receiver;  -- on each standby",
      }}
      table={topologyTable}
    >
      {(servers) => <Topology servers={servers} />}
    </Panel>
  );
}

function Topology({ servers }: { servers: readonly ReplicationServer[] }) {
  const { state, title } = describeTopology(servers);
  const alone = servers.length === 1 && servers[0]?.role === "primary";
  if (alone)
    return (
      <Verdict state={state} title={title}>
        <NoStandby server={servers[0]?.key ?? "this server"} />
      </Verdict>
    );
  const tree = buildTree(servers);
  return (
    <Verdict state={state} title={title}>
      <div
        aria-hidden
        style={indentStyle(0)}
        className={cn("hidden text-xs text-faint md:grid", serverColumns)}
      >
        <span className="col-start-3 grid grid-cols-4 text-right">
          {walStages.map(({ id }) => (
            <span key={id}>{id}</span>
          ))}
        </span>
        <span className="text-right">behind</span>
      </div>
      <ul style={indentStyle(0)}>
        {tree.map((branch) => (
          <li key={branch.server.key}>
            <ServerRow server={branch.server} />
            <Followers branches={branch.children} depth={1} />
          </li>
        ))}
      </ul>
    </Verdict>
  );
}

function Verdict({ state, title, children }: TopologyWords & { children: ReactNode }) {
  return (
    <div className="grid gap-1 pb-1">
      <p className="flex items-start gap-2 text-lg leading-6 font-semibold tracking-tight">
        <StateIcon state={state} className="mt-1 size-4" />
        {title}
      </p>
      {children}
    </div>
  );
}

/** Standbys beneath the server that feeds them, joined by a line that is broken where nothing flows. */
function Followers({ branches, depth }: { branches: readonly ServerBranch[]; depth: number }) {
  if (branches.length === 0) return null;
  return (
    <ul className="pl-2" style={indentStyle(depth)}>
      {branches.map(({ server, fed, children }, index) => (
        <li key={server.key} className="relative pl-5">
          <span
            aria-hidden
            className={cn(
              "absolute top-0 left-0 border-l border-control",
              index === branches.length - 1 ? "h-[22px]" : "bottom-0",
            )}
          />
          <span
            aria-hidden
            className={cn(
              "absolute top-[22px] left-0 w-4 border-t",
              fed ? "border-control" : "border-dashed border-critical",
            )}
          />
          <ServerRow server={server} />
          <Followers branches={children} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
}

function topologyTable(servers: readonly ReplicationServer[]) {
  return {
    columns: [
      { label: "server" },
      { label: "role" },
      { label: "state" },
      { label: "fed by" },
      { label: "sync" },
      { label: "slot" },
      { label: "not sent", unit: "bytes" as const },
      { label: "not written", unit: "bytes" as const },
      { label: "not flushed", unit: "bytes" as const },
      { label: "not replayed", unit: "bytes" as const },
      { label: "behind", unit: "seconds" as const },
    ],
    rows: servers.map((server) => [
      server.key,
      server.role,
      describeServer(server).word,
      server.upstream,
      server.standby?.syncState ?? null,
      server.standby?.slot ?? null,
      server.standby?.sentLagBytes ?? null,
      server.standby?.writtenLagBytes ?? null,
      server.standby?.flushedLagBytes ?? null,
      server.lagBytes,
      server.lagSeconds,
    ]),
  };
}
