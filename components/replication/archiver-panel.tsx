"use client";

import type { ReactNode } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatBytes } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { Archiver } from "@/lib/replication/get-archiver.ts";

/** Whether WAL leaves the server for an archive, from which it can be restored to any moment. */
export function ArchiverPanel({ className }: { className: string }) {
  const read = useRead("walArchiver", {});
  return (
    <Panel
      id="archiver"
      title="WAL archive"
      read={read}
      height={136}
      className={className}
      info={{
        what: "Point-in-time recovery needs all WAL since the backup. While archiving fails the server keeps what it could not hand over, and its disk fills.",
        sql: "select archived_count, failed_count, last_archived_time, last_failed_time from pg_stat_archiver;\nselect count(*) from pg_ls_archive_statusdir() where name like '%.ready';",
      }}
    >
      {(data) => (data.mode === "off" ? <NotArchived /> : <Archive data={data} />)}
    </Panel>
  );
}

function NotArchived() {
  return (
    <div className="grid gap-1.5 text-sm text-muted">
      <div>
        <StateBadge state="notice">not archived</StateBadge>
      </div>
      <p>
        WAL stays on this server. To be able to restore to a moment, set{" "}
        <code className="font-mono text-xs">archive_mode = on</code> and an{" "}
        <code className="font-mono text-xs">archive_command</code> (needs a restart), or stream it with
        pg_receivewal.
      </p>
    </div>
  );
}

function Archive({ data }: { data: Archiver }) {
  const { waiting, segmentBytes, archived, failed } = data;
  return (
    <dl className="grid grid-cols-[6.5rem_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1.5 text-sm [&_dt]:text-faint">
      <Fact label="State">
        <StateBadge state={data.failing ? "critical" : "ok"}>
          {data.failing ? "the last attempt failed" : "archiving"}
        </StateBadge>
      </Fact>
      <Fact label="Waiting">
        {waiting === null ? (
          "not known"
        ) : (
          <span title={`${waiting} segments of ${formatBytes(segmentBytes)}`}>
            {waiting} {waiting === 1 ? "segment" : "segments"}
            {waiting > 0 && <span className="text-faint"> · {formatBytes(waiting * segmentBytes)}</span>}
          </span>
        )}
      </Fact>
      <Fact label="Last archived">
        <Attempt at={data.lastArchivedAt} wal={data.lastArchivedWal} />
      </Fact>
      <Fact label="Last failure">
        <Attempt at={data.lastFailedAt} wal={data.lastFailedWal} />
      </Fact>
      <Fact label="Archived">
        <span className="tabular-nums">
          {archived.toLocaleString("en-GB")}
          <span className="text-faint"> · {failed.toLocaleString("en-GB")} attempts failed</span>
        </span>
      </Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Attempt({ at, wal }: { at: Date | null; wal: string | null }) {
  if (!at) return <span className="text-faint">never</span>;
  return (
    <span className="flex min-w-0 flex-wrap gap-x-2">
      <Time at={at} />
      {wal && (
        <code className="min-w-0 truncate font-mono text-xs leading-5 text-muted" title={wal}>
          {wal}
        </code>
      )}
    </span>
  );
}
