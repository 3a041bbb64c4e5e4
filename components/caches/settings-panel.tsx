"use client";

import type { ReactNode } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { formatBytes, formatExact } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";

/** The server's memory settings, each with what it means for reads. */
export function SettingsPanel() {
  const read = useRead("cacheSettings", {});
  return (
    <Panel
      id="settings"
      title="Memory settings"
      read={read}
      height={204}
      info={{
        what: "As they hold for the console's own role; a role or database may have its own work_mem.",
        sql: "select name, setting, unit, source from pg_settings\nwhere name in ('shared_buffers', 'effective_cache_size', 'work_mem', 'temp_buffers',\n               'wal_buffers', 'track_io_timing');",
      }}
    >
      {(data) => (
        <dl className="divide-y divide-hairline">
          <Bytes name="shared_buffers" what="the cache itself" bytes={data.sharedBuffersBytes} />
          <Bytes
            name="effective_cache_size"
            what="what the planner believes is cached in all"
            bytes={data.effectiveCacheSizeBytes}
          />
          <Bytes name="work_mem" what="a sort or hash, before it spills" bytes={data.workMemBytes} />
          <Bytes name="temp_buffers" what="temporary tables of a session" bytes={data.tempBuffersBytes} />
          <Bytes name="wal_buffers" what="WAL not yet written" bytes={data.walBuffersBytes} />
          <Setting name="track_io_timing" what="measures how long reads take">
            {data.trackIoTiming ? (
              <StateBadge state="ok">on</StateBadge>
            ) : (
              <StateBadge state="unknown">off</StateBadge>
            )}
          </Setting>
        </dl>
      )}
    </Panel>
  );
}

function Bytes({ name, what, bytes }: { name: string; what: string; bytes: number }) {
  return (
    <Setting name={name} what={what}>
      <span className="font-medium whitespace-nowrap" title={formatExact(bytes, "bytes")}>
        {formatBytes(bytes)}
      </span>
    </Setting>
  );
}

function Setting({ name, what, children }: { name: string; what: string; children: ReactNode }) {
  return (
    <div className="flex h-8.5 items-center gap-2 text-sm">
      <dt className="flex min-w-0 grow items-baseline gap-2">
        <span className="font-mono text-xs">{name}</span>
        <span className="truncate text-xs text-faint">{what}</span>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
