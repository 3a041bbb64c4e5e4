import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Actor } from "../auth/actor.ts";
import { makePlan } from "../partition-plan/make-plan.ts";
import type { PlanRequest } from "../partition-plan/request.ts";
import type { Plan } from "../partition-plan/types.ts";
import { type Administration, startAdministration } from "./administration.ts";
import { createDatabase, type TestDatabase } from "./database.ts";
import { addActor } from "./people.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A console and a database with the audit schema, whose partitions a maintenance role may change. */
export interface PartitionWorld {
  administration: Administration;
  database: TestDatabase;
  urls: { watch: string; maintenance: string };
  audit: AuditDb;
  operator: Actor;
  /** Another process of the console, with the same roles; closed with the rest. */
  open(): AuditDb;
  plan(request: PlanRequest, lockTimeoutMs?: number): Promise<Plan>;
  /** A table `name` by months of `at`, from the month before this one to the next, which the maintenance role owns. */
  makeMonths(name: string, more?: string): Promise<void>;
  close(): Promise<void>;
}

export async function startPartitionWorld(server: 15 | 18): Promise<PartitionWorld> {
  const [administration, database] = await Promise.all([
    startAdministration(),
    createDatabase({ server, template: "audit" }),
  ]);
  const urls = {
    watch: await database.login(["pg_monitor"]),
    maintenance: await database.login(["audit_maintainer"]),
  };
  const engines: AuditDb[] = [];
  const open = () => {
    const audit = connect({ target: "audit", urls, logger: silent });
    engines.push(audit);
    return audit;
  };
  const audit = open();
  return {
    administration,
    database,
    urls,
    audit,
    operator: await addActor(administration.console, "operator"),
    open,
    plan: (request, lockTimeoutMs = 200) => makePlan({ audit, now: new Date() }, request, lockTimeoutMs),
    async makeMonths(name, more = "") {
      await database.sql.unsafe(`
        grant create on schema public to audit_maintainer;
        set role audit_maintainer;
        create table public.${name} (id bigint, at timestamptz not null, note text, primary key (id, at)) partition by range (at);
        do $$ begin for month in -1..1 loop
          execute format('create table public.${name}_%s partition of public.${name} for values from (%L) to (%L)',
            to_char(date_trunc('month', now(), 'UTC') + month * interval '1 month', 'YYYY_MM'),
            date_trunc('month', now(), 'UTC') + month * interval '1 month',
            date_trunc('month', now(), 'UTC') + (month + 1) * interval '1 month');
        end loop; end $$;
        ${more};
        reset role`);
    },
    async close() {
      await Promise.all(engines.map((engine) => engine.close()));
      await administration.close();
      await database.drop();
    },
  };
}
