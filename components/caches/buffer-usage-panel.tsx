"use client";

import { Meter } from "@/components/charts/meter.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { useRead } from "@/lib/client/use-read.ts";

/** How full and how warm shared_buffers is. */
export function BufferUsagePanel() {
  const read = useRead("bufferUsage", {});
  return (
    <Panel
      id="buffer-usage"
      title="Inside shared_buffers"
      read={read}
      height={150}
      info={{
        what: "How much of shared_buffers holds something, is changed and not yet written, or is in use this very moment. The usage count (0–5) says how warm the blocks are: near 5 there is little to push out without loss.",
        sql: "select * from pg_buffercache_summary();",
      }}
    >
      {(usage) =>
        usage && (
          <div className="grid gap-3.5">
            <Meter label="Used" value={usage.usedBytes} max={usage.totalBytes} unit="bytes" />
            <Meter
              label="Changed, not yet written"
              value={usage.dirtyBytes}
              max={usage.totalBytes}
              unit="bytes"
            />
            <Meter label="In use right now" value={usage.pinnedBytes} max={usage.totalBytes} unit="bytes" />
            <Meter label="Mean usage count" value={usage.meanUsageCount} max={5} unit="count" />
          </div>
        )
      }
    </Panel>
  );
}
