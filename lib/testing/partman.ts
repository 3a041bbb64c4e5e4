import type { Sql } from "postgres";

/**
 * A table by days that pg_partman manages, `part.access_log`: on 15 by Debian's pg_partman 4, elsewhere by a
 * configuration table with the columns of 5 alone, as the extension leaves it.
 */
export async function createPartmanTables(sql: Sql, server: 15 | 18): Promise<void> {
  await sql.unsafe(`
    create schema partman;
    create schema part;
    create table part.access_log (id bigint generated always as identity, ts timestamptz not null, line text)
      partition by range (ts);`);
  await sql.unsafe(server === 15 ? byExtension : byConfiguration);
}

const byExtension = `
  create extension pg_partman schema partman;
  select partman.create_parent('part.access_log', 'ts', 'native', 'daily', p_premake := 5);`;

/** sql/tables/tables.sql of 5.2, without its constraints. */
const byConfiguration = `
  create table partman.part_config (
    parent_table text primary key, control text not null, partition_interval text not null,
    partition_type text not null, premake int not null default 4, automatic_maintenance text not null default 'on',
    template_table text, retention text, retention_schema text, retention_keep_index boolean not null default true,
    retention_keep_table boolean not null default true, epoch text not null default 'none', constraint_cols text[],
    optimize_constraint int not null default 30, infinite_time_partitions boolean not null default false,
    datetime_string text, jobmon boolean not null default true, sub_partition_set_full boolean not null default false,
    undo_in_progress boolean not null default false, inherit_privileges boolean default false,
    constraint_valid boolean not null default true, ignore_default_data boolean not null default true,
    default_table boolean default true, date_trunc_interval text, maintenance_order int,
    retention_keep_publication boolean not null default false, maintenance_last_run timestamptz);
  create table part.access_log_default partition of part.access_log default;
  insert into partman.part_config (parent_table, control, partition_interval, partition_type, premake)
    values ('part.access_log', 'ts', '1 day', 'range', 5);`;
