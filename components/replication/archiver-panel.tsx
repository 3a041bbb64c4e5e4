"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";

/** Whether WAL leaves the server for an archive, from which it can be restored to any moment. */
export function ArchiverPanel() {
  const read = useRead("walArchiver", {});
  return (
    <Panel
      id="archiver"
      title="WAL archive"
      read={read}
      height={190}
      info={{
        what: "A backup can be brought forward to any moment only with the WAL since. While archiving fails the server keeps what it could not hand over, and its disk fills.",
        sql: "select archived_count, failed_count, last_archived_time, last_failed_time from pg_stat_archiver;",
      }}
    >
      {(data) =>
        data.mode === "off" ? (
          <div className="grid max-w-130 gap-1.5 text-sm text-muted">
            <div>
              <StateBadge state="notice">not archived</StateBadge>
            </div>
            <p>
              WAL stays on this server. To be able to restore to a moment, set{" "}
              <code className="font-mono">archive_mode = on</code> and an{" "}
              <code className="font-mono">archive_command</code> (needs a restart), or stream it with
              pg_receivewal.
            </p>
          </div>
        ) : (
          <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
            <dt>State</dt>
            <dd>
              <StateBadge state={data.failing ? "critical" : "ok"}>
                {data.failing ? "the last attempt failed" : "archiving"}
              </StateBadge>
            </dd>
            <dt>Last archived</dt>
            <dd>
              <Time at={data.lastArchivedAt} />{" "}
              <code className="font-mono text-xs">{data.lastArchivedWal}</code>
            </dd>
            <dt>Last failure</dt>
            <dd>
              <Time at={data.lastFailedAt} /> <code className="font-mono text-xs">{data.lastFailedWal}</code>
            </dd>
            <dt>Archived · failed</dt>
            <dd className="tabular-nums">
              {data.archived.toLocaleString("en")} · {data.failed.toLocaleString("en")}
            </dd>
          </dl>
        )
      }
    </Panel>
  );
}
