import type { PlanRequest } from "../partition-plan/request.ts";
import type { partitionsVerbs } from "../partitions/verbs.ts";

const named = (name: string) => ({ schema: "public", name });
const monthOf = (months: number) => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months))
    .toISOString()
    .slice(0, 7)
    .replace("-", "_");
};
const before = monthOf(-1);
const firstOf = (month: string) => `${month.replace("_", "-")}-01 00:00:00+00`;

/** Work that stands still in the middle of its verb for as long as somebody holds what it needs. */
export interface Scenario {
  /** Names the table as well. */
  name: string;
  verb: keyof typeof partitionsVerbs;
  request: PlanRequest;
  /** Further tables, as the owner; the partitioned one is there. */
  setUp?: string;
  /** What breaks off while a session reads the table, after it is set up. */
  brokenOff?: string;
  /** What a session holds so that the work stops there. */
  hold: string;
  /** A row says that it did; without, the job's log says that a step is contended or blocked. */
  held?: string;
  /** One row: what is true in the end, and what it was before. */
  look: string;
  end: object;
}

const create = (step: number): Scenario => ({
  name: `made_${step}`,
  verb: "createPartitions",
  request: { verb: "create", table: named(`made_${step}`), ahead: 4 },
  // The name is taken by a table that is not committed: creating it waits for that.
  hold: `create table public.made_${step}_${monthOf(1 + step)} ()`,
  held: `select from pg_inherits where inhparent = 'public.made_${step}'::regclass having count(*) = 5`,
  look: `select count(*)::int as partitions from pg_inherits where inhparent = 'public.made_${step}'::regclass`,
  end: { partitions: 6 },
});

export const plain: Scenario[] = [
  create(1),
  create(2),
  create(3),
  {
    name: "let_go",
    verb: "detachPartition",
    request: { verb: "detach", partition: named(`let_go_${before}`), how: "concurrently" },
    hold: "set transaction isolation level repeatable read; select from public.let_go",
    held: "select from pg_inherits where inhparent = 'public.let_go'::regclass and inhdetachpending",
    look: `select (select count(*)::int from pg_inherits where inhparent = 'public.let_go'::regclass) as partitions,
                  (select count(*)::int from public.let_go_${before}) as rows`,
    end: { partitions: 2, rows: 1 },
  },
  {
    name: "taken",
    verb: "attachPartition",
    request: {
      verb: "attach",
      partition: named(`taken_${before}`),
      table: named("taken"),
      bounds: { from: firstOf(before), to: firstOf(monthOf(0)) },
    },
    setUp: `alter table public.taken detach partition public.taken_${before}`,
    hold: "lock table public.taken in share mode",
    look: `select (select count(*)::int from pg_inherits where inhparent = 'public.taken'::regclass) as partitions,
                  (select count(*)::int from public.taken) as rows`,
    end: { partitions: 3, rows: 1 },
  },
  {
    name: "rebuilt",
    verb: "maintainPartitions",
    request: { verb: "maintain", relations: [named(`rebuilt_${before}`)], work: "reindex" },
    hold: `set transaction isolation level repeatable read; select from public.rebuilt_${before}`,
    held: "select from pg_class where relname ~ '^rebuilt_.*_ccnew'",
    look: `select count(*) filter (where indisvalid)::int as valid, count(*) filter (where not indisvalid)::int as invalid
           from pg_index where indrelid = 'public.rebuilt_${before}'::regclass`,
    end: { valid: 1, invalid: 0 },
  },
  {
    name: "moved",
    verb: "repairPartition",
    request: { verb: "repair", partition: named("moved_default"), rowsNeverChange: false, how: "rows move" },
    setUp: `create table public.moved_default partition of public.moved default;
            insert into public.moved select i, date_trunc('month', now(), 'UTC') + interval '2 months', 'x' from generate_series(1, 500) i`,
    hold: "lock table public.moved in access share mode",
    look: `select (select count(*)::int from public.moved_default) as left, (select count(*)::int from public.moved) as rows`,
    end: { left: 0, rows: 501 },
  },
];

/** A worker takes eight jobs at once: these are another's. */
export const further: Scenario[] = [
  {
    name: "copied",
    verb: "repairPartition",
    request: { verb: "repair", partition: named("copied_default"), rowsNeverChange: true, how: "rows move" },
    // The second batch of pages comes to a row that waits; the first one is committed.
    setUp: `create table public.copied_default partition of public.copied default;
            insert into public.copied select i, date_trunc('month', now(), 'UTC') + interval '2 months', repeat('x', 500)
            from generate_series(1, 6000) i;
            create function public.pass(bigint) returns bool language plpgsql as
              'begin if $1 = 5000 then perform pg_advisory_xact_lock_shared(5000); end if; return true; end';
            alter table public.copied add check (public.pass(id))`,
    hold: "select pg_advisory_xact_lock(5000)",
    held: `select from pg_class where relname = 'copied_${monthOf(2)}' and pg_relation_size(oid) >= 256 * 8192
           and not relispartition and exists (select from pg_locks where locktype = 'advisory' and objid = 5000 and not granted)`,
    look: `select (select count(*)::int from public.copied_default) as left, count(*)::int as rows,
                  count(distinct id)::int as ids, sum(id)::int as sum from public.copied`,
    end: { left: 0, rows: 6_001, ids: 6_001, sum: (6_000 * 6_001) / 2 },
  },
  {
    name: "stayed",
    verb: "repairPartition",
    request: { verb: "repair", partition: named("stayed_default"), rowsNeverChange: false, how: "rows stay" },
    setUp: `create table public.stayed_default partition of public.stayed default;
            insert into public.stayed select i, date_trunc('month', now(), 'UTC') + interval '2 months', 'x' from generate_series(1, 500) i`,
    hold: "lock table public.stayed in access share mode",
    look: `select (select count(*)::int from public.stayed_default) as left, count(*)::int as rows,
                  (select count(*)::int from public.stayed_${monthOf(2)}) as there,
                  (select count(*)::int from pg_inherits where inhparent = 'public.stayed'::regclass) as partitions
           from public.stayed`,
    end: { left: 0, rows: 501, there: 500, partitions: 5 },
  },
  {
    name: "finished",
    verb: "finalizePartition",
    request: { verb: "finalize", partition: named(`finished_${before}`) },
    brokenOff: `alter table public.finished detach partition public.finished_${before} concurrently`,
    hold: "set transaction isolation level repeatable read; select from public.finished",
    held: `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
           and query ~ 'finished_.* FINALIZE'`,
    look: `select (select count(*)::int from pg_inherits where inhparent = 'public.finished'::regclass) as partitions,
                  (select count(*)::int from public.finished_${before}) as rows`,
    end: { partitions: 2, rows: 1 },
  },
  {
    name: "indexed",
    verb: "maintainPartitions",
    request: {
      verb: "maintain",
      relations: [-1, 0, 1].map((months) => named(`indexed_${monthOf(months)}`)),
      work: "create index",
      index: "indexed_note",
    },
    setUp: "create index indexed_note on only public.indexed (note)",
    hold: "set transaction isolation level repeatable read; select from public.indexed",
    held: `select from pg_index where not indisvalid and indrelid in
           (select inhrelid from pg_inherits where inhparent = 'public.indexed'::regclass)`,
    look: `select count(*)::int as attached, bool_and(indisvalid) as valid from pg_index join pg_inherits on inhrelid = indexrelid
           where inhparent = 'public.indexed_note'::regclass`,
    end: { attached: 3, valid: true },
  },
  {
    name: "swept",
    verb: "maintainPartitions",
    request: { verb: "maintain", relations: [named(`swept_${before}`)], work: "vacuum" },
    hold: `lock table public.swept_${before} in share update exclusive mode`,
    look: `select vacuum_count::int as vacuums from pg_stat_user_tables where relid = 'public.swept_${before}'::regclass`,
    end: { vacuums: 1 },
  },
];
