import postgres, { type Sql } from "postgres";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { CarryOutOptions } from "../partition-plan/carried-state.ts";
import { carryOut } from "../partition-plan/carry-out.ts";
import type { RepairRequest } from "../partition-plan/default-rows/repair.ts";
import { makePlan } from "../partition-plan/make-plan.ts";
import type { Plan, StepOutcome } from "../partition-plan/types.ts";
import { createDatabase, type TestDatabase } from "./database.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A database whose default partitions are repaired. */
export interface RepairWorld {
  database: TestDatabase;
  audit: AuditDb;
  /** As the owner of the tables. */
  owner: Sql;
  /** Another session, of a superuser; closed with the rest. */
  open(): Sql;
  /** @param mostPages of the default that are counted */
  plan(name: string, more?: Partial<RepairRequest>, mostPages?: number): Promise<Plan>;
  carry(planned: Plan, more?: Partial<CarryOutOptions>): Promise<StepOutcome[]>;
  refusalOf(name: string, more?: Partial<RepairRequest>): Promise<string>;
  /** Where rows are, by partition. */
  placesOf(table: string): Promise<Record<string, number>>;
  /** April and June of 2024; what is left goes to the default `_rest`, whose columns stand in another order. */
  build(name: string, more?: string, key?: string): Promise<void>;
  close(): Promise<void>;
}

export const outcomesOf = (outcomes: StepOutcome[]) =>
  outcomes.map(({ outcome, why }) => (why === null ? outcome : `${outcome}: ${why}`));

/** The statement that puts rows of May 2024 into it. */
export const mayRows = (name: string, from: number, to: number) =>
  `insert into ${name} select i, '2024-05-02 00:00+00'::timestamptz + i * interval '1 minute', 'n' || i
   from generate_series(${from}, ${to}) i;`;

export async function startRepairWorld(server: 15 | 18): Promise<RepairWorld> {
  const database = await createDatabase({ server, template: "empty" });
  await database.sql`grant create on schema public to audit_maintainer`;
  const [watch, maintenance] = [
    await database.login(["pg_monitor"]),
    await database.login(["audit_maintainer"]),
  ];
  const audit = connect({ target: "audit", urls: { watch, maintenance }, logger: silent });
  const clients: Sql[] = [];
  const open = () => {
    const client = postgres(database.url, { max: 1, onnotice: () => {} });
    clients.push(client);
    return client;
  };
  const owner = open();
  await owner`set role audit_maintainer`;
  const plan: RepairWorld["plan"] = (name, more = {}, mostPages = 65_536) =>
    makePlan(
      { audit, now: new Date(), mostPages },
      { verb: "repair", partition: { schema: "public", name }, rowsNeverChange: false, ...more },
      200,
    );
  return {
    ...{ database, audit, owner, open, plan },
    carry: (planned, more = {}) =>
      carryOut({
        audit,
        plan: planned,
        until: new Date(Date.now() + 60_000),
        checkpoint: async () => {},
        progress() {},
        log() {},
        signal: new AbortController().signal,
        ...more,
      }),
    refusalOf: async (name, more = {}) =>
      (await plan(name, more)).refusals.map(({ words }) => words).join("\n"),
    async placesOf(table) {
      const rows = await owner.unsafe(
        `select tableoid::regclass::text as place, count(*)::int as n from ${table} group by 1 order by 1`,
      );
      return Object.fromEntries(rows.map(({ place, n }) => [place, n]));
    },
    async build(name, more = "", key = "primary key (id, at)") {
      await owner.unsafe(`
        create table ${name} (id bigint not null, at timestamptz, note text${key && `, ${key}`}) partition by range (at);
        create table ${name}_2024_04 partition of ${name} for values from ('2024-04-01 00:00+00') to ('2024-05-01 00:00+00');
        create table ${name}_2024_06 partition of ${name} for values from ('2024-06-01 00:00+00') to ('2024-07-01 00:00+00');
        create table ${name}_rest (note text, gone int, at timestamptz, id bigint not null${key && `, ${key}`});
        alter table ${name}_rest drop column gone;
        alter table ${name} attach partition ${name}_rest default;
        ${more}`);
    },
    async close() {
      await audit.close();
      await Promise.all(clients.map((client) => client.end()));
      await database.drop();
    },
  };
}
