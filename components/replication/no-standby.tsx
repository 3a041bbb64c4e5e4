"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { SqlBlock } from "@/components/ui/sql-block.tsx";

const prepare = `CREATE ROLE replicator LOGIN REPLICATION PASSWORD '…';
SELECT pg_create_physical_replication_slot('standby_1', true);`;
const copy = `pg_basebackup -h db-1.example -U replicator \\
  -D "$PGDATA" -R -S standby_1 -c fast -P`;
const tell = "AUDIT_REPLICA_URLS=postgres://watcher@standby-1/audit";

/** What is missing without a standby, and the three steps to one; on a phone the commands stand behind a button, so that nothing jumps. */
export function NoStandby({ server }: { server: string }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="grid gap-3">
      <p className="text-sm text-muted">
        When {server} is lost, what was written since its last backup is lost with it. A standby keeps a
        second copy a moment behind, can take over, and can answer reads.
      </p>
      <ol
        className={cn(
          "grid gap-4 *:min-w-0 max-md:gap-2 lg:grid-cols-[1.35fr_1fr_1fr]",
          !open && "max-md:[&_[data-how]]:hidden",
        )}
      >
        <Step number={1} title="Let a copy connect" where="on this primary">
          <SqlBlock sql={prepare} />
          <Note>
            In pg_hba.conf: <Code>host replication replicator 10.0.0.2/32 scram-sha-256</Code>
          </Note>
        </Step>
        <Step number={2} title="Make the copy" where="on the new server">
          <SqlBlock sql={copy} label="Copy command" />
          <Note>Then start PostgreSQL there; within seconds it appears above.</Note>
        </Step>
        <Step number={3} title="Let the console use it" where="in its environment">
          <SqlBlock sql={tell} label="Copy setting" />
          <Note>After a restart it may answer reads; writes follow it after a fail-over.</Note>
        </Step>
      </ol>
      <div className="md:hidden">
        <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Hide the commands" : "Show the commands"}
        </Button>
      </div>
    </div>
  );
}

function Step(props: { number: number; title: string; where: string; children: ReactNode }) {
  const { number, title, where, children } = props;
  return (
    <li className="grid content-start gap-1">
      <p className="text-sm">
        <span className="font-medium">
          {number}. {title}
        </span>{" "}
        <span className="text-faint">{where}</span>
      </p>
      <div data-how className="grid gap-1">
        {children}
      </div>
    </li>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <p className="text-xs text-muted">{children}</p>;
}

function Code({ children }: { children: ReactNode }) {
  return <code className="font-mono break-words">{children}</code>;
}
