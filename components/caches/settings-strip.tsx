"use client";

import type { ReactNode } from "react";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { formatBytes, formatExact } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";

/** The server's memory settings in one line. */
export function SettingsStrip() {
  const { data, error } = useRead("cacheSettings", {});
  if (!data)
    return error ? (
      <p className="h-11 text-sm text-critical">{error.message}</p>
    ) : (
      <Skeleton className="h-11" />
    );
  return (
    <dl className="flex min-h-11 flex-wrap gap-x-8 gap-y-2 rounded-lg border border-hairline bg-panel px-4 py-2.5">
      <Setting name="shared_buffers" bytes={data.sharedBuffersBytes} />
      <Setting name="effective_cache_size" bytes={data.effectiveCacheSizeBytes} />
      <Setting name="work_mem" bytes={data.workMemBytes} />
      <Setting name="temp_buffers" bytes={data.tempBuffersBytes} />
      <Setting name="wal_buffers" bytes={data.walBuffersBytes} />
      <Item name="track_io_timing">
        {data.trackIoTiming ? (
          <StateBadge state="ok">on</StateBadge>
        ) : (
          <StateBadge state="unknown">off</StateBadge>
        )}
      </Item>
    </dl>
  );
}

function Setting({ name, bytes }: { name: string; bytes: number }) {
  return (
    <Item name={name}>
      <span className="font-medium" title={formatExact(bytes, "bytes")}>
        {formatBytes(bytes)}
      </span>
    </Item>
  );
}

function Item({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-2 text-sm">
      <dt className="font-mono text-xs text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
