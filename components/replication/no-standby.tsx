import type { ReactNode } from "react";
import { SqlBlock } from "@/components/ui/sql-block.tsx";

const prepare = `CREATE ROLE replicator LOGIN REPLICATION PASSWORD '…';
SELECT pg_create_physical_replication_slot('standby_1', true);
-- pg_hba.conf: host replication replicator 10.0.0.2/32 scram-sha-256`;
const copy = `pg_basebackup -h db-1.example -U replicator \\
  -D "$PGDATA" -R -S standby_1 -c fast -P`;
const tell = "AUDIT_REPLICA_URLS=postgres://watcher@standby-1:5432/audit";

/** What is missing without a standby, and the three steps to one. */
export function NoStandby() {
  return (
    <div className="grid gap-4 border-t border-hairline pt-3">
      <p className="max-w-200 text-sm text-muted">
        When this server is lost, what was written since its last backup is lost with it. A standby keeps a
        second copy a moment behind, can take over, and can answer reads.
      </p>
      <ol className="grid gap-4 *:min-w-0 lg:grid-cols-3">
        <Step number={1} title="Let a copy connect" where="on this primary">
          <SqlBlock sql={prepare} />
        </Step>
        <Step number={2} title="Make the copy" where="in a shell of the new server">
          <SqlBlock sql={copy} label="Copy command" />
          <p className="text-sm text-muted">Then start PostgreSQL there; within seconds it appears above.</p>
        </Step>
        <Step number={3} title="Let the console use it" where="in its environment, then restart it">
          <SqlBlock sql={tell} label="Copy setting" />
          <p className="text-sm text-muted">
            It is then watched each second, events and exports may be read there, and after a fail-over writes
            follow it. With several targets it is <code className="font-mono text-xs">replica_urls</code> in
            AUDIT_DATABASES.
          </p>
        </Step>
      </ol>
    </div>
  );
}

function Step({
  number,
  title,
  where,
  children,
}: {
  number: number;
  title: string;
  where: string;
  children: ReactNode;
}) {
  return (
    <li className="grid content-start gap-1.5">
      <p className="text-sm">
        <span className="font-medium">
          {number}. {title}
        </span>{" "}
        <span className="text-faint">{where}</span>
      </p>
      {children}
    </li>
  );
}
