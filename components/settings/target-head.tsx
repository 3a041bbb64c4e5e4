"use client";

import { AgedFigures, AsOf } from "@/components/ui/aged-figures.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";

/** Whether the target answers, since when, and what it is. */
export function TargetHead({ target }: { target: string }) {
  const { data, aged } = useRead("targetStatus", {}, { target });
  return (
    <AgedFigures aged={aged} className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <h2 className="text-lg font-semibold">{target}</h2>
      {data && (
        <>
          {data.state === "up" ? (
            <StateBadge state="ok">reachable</StateBadge>
          ) : data.state === "down" ? (
            <StateBadge state="critical">unreachable</StateBadge>
          ) : (
            <StateBadge state="unknown">connecting</StateBadge>
          )}
          <span className="text-muted">
            since <Time at={data.since} show="moment" />
          </span>
          {data.server && (
            <span className="text-muted">
              PostgreSQL {data.server.version} · database{" "}
              <span className="font-mono text-xs">{data.server.database}</span>
            </span>
          )}
          <AsOf />
          {data.reason && <p className="basis-full text-critical">{data.reason}</p>}
        </>
      )}
    </AgedFigures>
  );
}
