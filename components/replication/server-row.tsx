import { Database } from "lucide-react";
import type { CSSProperties } from "react";
import { cn } from "@/components/ui/cn.ts";
import { Badge, type State, StateBadge, stateText } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatBytes, formatExact, formatSeconds } from "@/lib/client/format.ts";
import type { ReplicationServer } from "@/lib/replication/types.ts";
import { describeServer } from "./server-words.ts";
import { WalTrack } from "./wal-track.tsx";

/** How far a level of the tree is moved in. */
const indentRem = 1.75;

/** Columns of every row and of the head above them, so that tracks and lags stand beneath each other at any depth. */
export const serverColumns =
  "md:grid-cols-[calc(17rem-var(--indent))_8.5rem_minmax(0,1fr)_6.5rem] md:items-center md:gap-x-4";

export const indentStyle = (depth: number) => ({ "--indent": `${depth * indentRem}rem` }) as CSSProperties;

/** One server: what it is called, how it is, what waits on the way to it, how far it is behind. */
export function ServerRow({ server }: { server: ReplicationServer }) {
  const { key, name, role, standby, node } = server;
  const { state, word, why, since } = describeServer(server);
  return (
    <div data-server={key} className="min-w-0 py-1.5">
      <div className={cn("grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1", serverColumns)}>
        <div className="flex min-w-0 items-center gap-2">
          <Database aria-hidden className={cn("size-4 shrink-0", stateText[state])} />
          <span className="min-w-0 leading-4">
            <span className="block truncate font-medium" title={name}>
              {name}
            </span>
            <span className="block truncate text-xs text-faint">{subtitle(server)}</span>
          </span>
        </div>
        <div className="flex flex-wrap items-center justify-end gap-1.5 md:justify-start">
          <StateBadge state={state}>{word}</StateBadge>
          {standby?.syncState && standby.syncState !== "async" && <Badge>{standby.syncState}</Badge>}
        </div>
        {standby ? (
          <div className="max-md:col-span-2 max-md:row-start-2">
            <WalTrack standby={standby} name={name} />
          </div>
        ) : (
          <Position server={server} />
        )}
        {role === "standby" && <Lag server={server} state={state} />}
      </div>
      {why && (
        <p className={cn("text-sm md:pl-6", state === "ok" ? "text-muted" : stateText[state])}>
          {why}
          {since && node && (
            <span className="text-faint">
              {" · since "}
              <Time at={since} show="moment" />
            </span>
          )}
        </p>
      )}
    </div>
  );
}

function subtitle({ key, name, role, node, standby }: ReplicationServer): string {
  const what = role === "primary" ? "primary" : role === "standby" ? "standby" : "read-write";
  const address = name !== key && node ? `${what} · ${key}` : what;
  if (node) return address;
  return `${what}${standby?.clientAddress ? ` at ${standby.clientAddress}` : ""} · not read from`;
}

/** Where the server that feeds the others stands in the WAL. */
function Position({ server: { role, node } }: { server: ReplicationServer }) {
  if (role === "standby")
    return <span aria-hidden className="border-t border-dashed border-hairline-strong max-md:hidden" />;
  if (!node?.lsn) return <span className="max-md:hidden" />;
  return (
    <span className="truncate text-xs text-faint max-md:col-span-2">
      has written up to <span className="font-mono text-2xs text-muted">{node.lsn}</span> · timeline{" "}
      {node.timeline}
    </span>
  );
}

function Lag({ server: { lagBytes, lagSeconds }, state }: { server: ReplicationServer; state: State }) {
  return (
    <p className="leading-4 max-md:col-span-2 max-md:flex max-md:gap-2 md:text-right">
      <span
        className={cn(
          "block text-md font-semibold tabular-nums",
          (lagSeconds ?? 0) >= 1 && (state === "warning" || state === "critical") && stateText[state],
        )}
        title={formatExact(lagSeconds, "seconds")}
      >
        {formatSeconds(lagSeconds)}
      </span>
      <span
        data-lag-bytes={lagBytes ?? ""}
        className="block text-xs text-faint"
        title={`${formatExact(lagBytes, "bytes")} not replayed`}
      >
        {lagBytes === null ? "not known" : `${formatBytes(lagBytes)} behind`}
      </span>
    </p>
  );
}
