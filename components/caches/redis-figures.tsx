"use client";

import type { ReactNode } from "react";
import { Meter } from "@/components/charts/meter.tsx";
import { cn } from "@/components/ui/cn.ts";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { RedisServer, SharedLevel } from "@/lib/answers/query-cache-types.ts";
import { formatBytes, formatExact, formatNumber, formatRatio } from "@/lib/client/format.ts";
import { Big, FigureBlock, Small } from "./figure-block.tsx";

/** What is wrong, first; then the figures, dimmed while they are of before. */
export function RedisFigures({ level }: { level: SharedLevel }) {
  const away = level.state === "down";
  return (
    <div className="grid gap-3 pb-3">
      <Away level={level} />
      {!away && level.warnings.map((warning) => <Line key={warning}>{warning}</Line>)}
      <dl className={cn("grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-5", away && "opacity-55")}>
        <Answered level={level} />
        <Memory server={level.server} />
        <FigureBlock
          label="Spared by compression"
          title={`${formatExact(level.plainBytes, "bytes")} stored as ${formatExact(level.storedBytes, "bytes")}`}
        >
          <Big>{level.writes === 0 ? "–" : formatBytes(level.plainBytes - level.storedBytes)}</Big>
          <Small>
            {level.writes === 0
              ? "nothing stored yet"
              : `${formatBytes(level.plainBytes)} as ${formatBytes(level.storedBytes)}, ${formatNumber(level.writes)} stored`}
          </Small>
        </FigureBlock>
        <FigureBlock label="Not served">
          <Big>{formatNumber(level.timeouts + level.errors + level.skipped)}</Big>
          <Small>
            {formatNumber(level.timeouts)} too slow, {formatNumber(level.errors)} failed,{" "}
            {formatNumber(level.skipped)} while away
          </Small>
        </FigureBlock>
        <Server level={level} />
      </dl>
    </div>
  );
}

function Away({ level: { state, since, reason, processes, reaching } }: { level: SharedLevel }) {
  if (state !== "down" && state !== "partly") return null;
  return (
    <Line>
      {state === "down"
        ? "Redis is away"
        : `${processes - reaching} of ${processes} processes do not reach Redis`}
      {since && (
        <>
          {" "}
          since <Time at={since} show="moment" />
        </>
      )}
      {reason && `: ${reason}`}. Each process keeps its own answers meanwhile. Start the server that REDIS_URL
      names, or let this machine through to it; the console finds it again by itself.
      {state === "down" && " The figures below are the last known ones."}
    </Line>
  );
}

function Line({ children }: { children: ReactNode }) {
  return (
    <p className="flex gap-2 text-sm">
      <StateIcon state="warning" className="mt-0.5" />
      <span className="min-w-0">{children}</span>
    </p>
  );
}

/** What is found there may be too old for who asks: it then stands in for a source that is down. */
function Answered({ level: { share, answered, hits, misses, waited } }: { level: SharedLevel }) {
  const old = hits - answered;
  return (
    <FigureBlock label="Answered" title={formatExact(share, "ratio")}>
      <Big>{share === null ? "not asked" : formatRatio(share)}</Big>
      {share !== null && (
        <Small>
          {formatNumber(answered)} of {formatNumber(hits + misses)} asked
          {old > 0 && `, ${formatNumber(old)} were too old`}
          {waited > 0 && `, ${formatNumber(waited)} awaited`}
        </Small>
      )}
    </FigureBlock>
  );
}

function Memory({ server }: { server: RedisServer | null }) {
  if (!server)
    return (
      <FigureBlock label="Memory">
        <Big>–</Big>
        <Small>not asked yet</Small>
      </FigureBlock>
    );
  const { usedBytes, maxBytes, policy, evictedKeys } = server;
  const evicted = evictedKeys > 0 ? `, ${formatNumber(evictedKeys)} evicted` : "";
  return (
    <FigureBlock label="Memory" title={formatExact(usedBytes, "bytes")}>
      <Big>
        {formatBytes(usedBytes)}
        <span className="ml-1.5 text-sm font-normal text-muted">
          {maxBytes > 0 ? `of ${formatBytes(maxBytes)}` : "no limit"}
        </span>
      </Big>
      {maxBytes > 0 && (
        <div className="my-1">
          <Meter
            label="Redis memory"
            value={usedBytes}
            max={maxBytes}
            unit="bytes"
            warnAt={policy === "noeviction" ? 0.9 : 2}
            words={false}
          />
        </div>
      )}
      <Small>
        {policy}
        {evicted}
      </Small>
    </FigureBlock>
  );
}

function Server({ level: { server, since, state, processes } }: { level: SharedLevel }) {
  const refused = server?.rejectedConnections ?? 0;
  return (
    <FigureBlock label="Server">
      <Big>{server ? server.version : "–"}</Big>
      <Small>
        {server && `${server.mode}, ${formatNumber(server.clients)} clients`}
        {refused > 0 && `, ${formatNumber(refused)} connections refused`}
      </Small>
      {state === "up" && since && (
        <Small>
          reached by {processes} {processes === 1 ? "process" : "processes"} since{" "}
          <Time at={since} show="moment" />
        </Small>
      )}
    </FigureBlock>
  );
}
