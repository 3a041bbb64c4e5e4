import type { PlanRequestInput, PlanVerb } from "../partition-plan/request.ts";

/** One change of partitions, of tables of its own in a schema of its own. */
export interface KilledScenario {
  name: string;
  verb: PlanVerb;
  request(schema: string): PlanRequestInput;
  /** As the owner, in that schema: `logged` is there, by months of `at` from the one before now to the one after. */
  setUp?: string;
  /** As a superuser. */
  sick?: string;
  lockTimeoutMs?: number;
  /** A statement that waits for a reader of `logged` and is broken off. */
  brokenOff?: string;
}

const monthOf = (months: number) => {
  const now = new Date();
  const at = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months));
  return at.toISOString().slice(0, 7).replace("-", "_");
};
const before = `logged_${monthOf(-1)}`;
const firstOf = (months: number) => `${monthOf(months).replace("_", "-")}-01 00:00:00+00`;
/** Few rows on many pages: copied in two transactions. */
const withRows = (rows: number) => `
  create table logged_rest partition of logged default with (fillfactor = 10);
  insert into logged select i, '${firstOf(2)}', repeat('x', 600) from generate_series(1, ${rows}) i`;
const maintain =
  (work: Extract<PlanRequestInput, { verb: "maintain" }>["work"], relations: string[], index?: string) =>
  (schema: string): PlanRequestInput => ({
    verb: "maintain",
    work,
    relations: relations.map((name) => ({ schema, name })),
    ...(index !== undefined && { index }),
  });

/** Each verb, by each way that it has; between them every kind of step is a part of their plans. */
export const killedScenarios: readonly KilledScenario[] = [
  {
    name: "create",
    verb: "create",
    request: (schema) => ({ verb: "create", table: { schema, name: "logged" }, ahead: 3 }),
    setUp: "grant select on logged to public",
  },
  {
    name: "repair, rows stay, beside copies",
    verb: "repair",
    request: (schema) => ({
      verb: "repair",
      partition: { schema, name: "logged_rest" },
      how: "rows stay",
    }),
    setUp: `${withRows(20)};
      create table copied (like logged);
      insert into copied select * from logged_rest limit 5;
      do $$ begin
        execute format('comment on table copied is %L',
          'Copies of rows of ' || current_schema || '.logged_rest, made by audit-db to move them. Not a partition yet.');
      end $$`,
  },
  {
    name: "repair, rows move in one transaction",
    verb: "repair",
    request: (schema) => ({
      verb: "repair",
      partition: { schema, name: "logged_rest" },
      how: "rows move",
    }),
    setUp: withRows(50),
  },
  {
    name: "repair, rows copied first",
    verb: "repair",
    request: (schema) => ({
      verb: "repair",
      partition: { schema, name: "logged_rest" },
      how: "rows move",
      rowsNeverChange: true,
    }),
    setUp: withRows(300),
  },
  {
    name: "detach",
    verb: "detach",
    request: (schema) => ({ verb: "detach", partition: { schema, name: before } }),
    setUp: `create function pass() returns trigger language plpgsql as 'begin return new; end';
      create trigger checked before insert on logged for each row execute function pass()`,
  },
  {
    name: "detach under lock",
    verb: "detach",
    request: (schema) => ({ verb: "detach", partition: { schema, name: before }, how: "under lock" }),
    setUp: "create table logged_rest partition of logged default",
  },
  {
    name: "finalize",
    verb: "finalize",
    request: (schema) => ({ verb: "finalize", partition: { schema, name: before } }),
    brokenOff: `alter table logged detach partition ${before} concurrently`,
  },
  {
    name: "attach",
    verb: "attach",
    request: (schema) => ({
      verb: "attach",
      partition: { schema, name: "taken" },
      table: { schema, name: "logged" },
      bounds: { from: firstOf(2), to: firstOf(3) },
    }),
    setUp: `create table sorts (id bigint primary key);
      insert into sorts values (1);
      alter table logged add sort bigint references sorts, add constraint named check (note <> '');
      create index logged_note on logged (note);
      create table taken (id bigint, at timestamptz, note text);
      insert into taken select i, '${firstOf(2)}', 'x' from generate_series(1, 20) i`,
    sick: `do $$ begin
        if not exists (select from pg_roles where rolname = current_database() || '_other') then
          execute format('create role %I', current_database() || '_other');
          execute format('grant %I to audit_maintainer', current_database() || '_other');
        end if;
        execute format('alter table taken owner to %I', current_database() || '_other');
      end $$`,
  },
  {
    name: "attach beside a default that is long to read",
    verb: "attach",
    request: (schema) => ({
      verb: "attach",
      partition: { schema, name: "taken" },
      table: { schema, name: "logged" },
      bounds: { from: firstOf(2), to: firstOf(3) },
    }),
    lockTimeoutMs: 20,
    setUp: `create table logged_rest partition of logged default;
      create table taken (like logged including all, constraint known check (at >= '${firstOf(2)}' and at < '${firstOf(3)}'))`,
    sick: "update pg_class set reltuples = 1000000, relpages = 1 where oid = 'logged_rest'::regclass",
  },
  ...(["vacuum", "freeze"] as const).map((work) => ({
    name: work,
    verb: "maintain" as const,
    request: maintain(work, [before]),
  })),
  { name: "analyze", verb: "maintain", request: maintain("analyze", ["logged"]) },
  {
    name: "reindex",
    verb: "maintain",
    request: maintain("reindex", [before]),
    setUp: "create index logged_note on logged (note)",
  },
  {
    name: "create index",
    verb: "maintain",
    request: maintain(
      "create index",
      [before, `logged_${monthOf(0)}`, `logged_${monthOf(1)}`],
      "logged_note",
    ),
    setUp: "create index logged_note on only logged (note)",
  },
  {
    name: "drop leftovers",
    verb: "maintain",
    request: maintain("drop leftovers", [before]),
    setUp: `create index ${before}_note_ccnew on ${before} (note)`,
    sick: `update pg_index set indisvalid = false where indexrelid = '${before}_note_ccnew'::regclass`,
  },
];

/** What pg_partman's own maintenance and configuration is changed by. On 18 it is its configuration alone. */
export function partmanScenarios(server: 15 | 18): KilledScenario[] {
  const of = { setUp: "create table tended (like logged) partition by range (at)" };
  const leave: KilledScenario = {
    name: "leave-partman",
    verb: "leave-partman",
    request: (schema) => ({ verb: "leave-partman", table: { schema, name: "tended" } }),
    ...of,
  };
  if (server === 18)
    return [
      {
        ...leave,
        sick: `insert into partman.part_config (parent_table, control, partition_interval, partition_type)
          values (current_schema || '.tended', 'at', '1 month', 'range')`,
      },
    ];
  const sick = `
    select partman.create_parent(current_schema || '.tended', 'at', 'native', 'monthly', p_premake := 1);
    do $$ declare part regclass; begin
      for part in select relid from pg_partition_tree('tended') where level > 0 loop
        execute format('alter table %s owner to audit_maintainer', part);
      end loop;
    end $$;
    update partman.part_config set premake = 3 where parent_table = current_schema || '.tended';
    insert into tended values (1, date_trunc('month', now()))`;
  const run: KilledScenario = {
    name: "run-partman",
    verb: "run-partman",
    request: (schema) => ({ verb: "run-partman", table: { schema, name: "tended" } }),
    ...of,
    sick,
  };
  return [{ ...leave, sick }, run];
}
