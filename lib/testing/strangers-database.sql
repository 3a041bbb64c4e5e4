-- A database that is not ours, with what people really have in theirs. Run as superuser in an empty database,
-- with settings as stranger.ts makes them; every moment without an offset is New York's.
-- Bounds stand around 27 November 2026 (`strangersNow`).

create extension postgres_fdw;
create extension file_fdw;

-- Names: quotes, dots, spaces, unicode, keywords, what means something in an address, 63 bytes.
create schema "Weird Schema.ü";
create table "Weird Schema.ü"."Ev""ents . Ünïcode ☃" (ts timestamptz not null, v text) partition by range (ts);
create table "Weird Schema.ü"."p 1.a'b" partition of "Weird Schema.ü"."Ev""ents . Ünïcode ☃"
  for values from ('2026-01-01') to ('2026-07-01');
create table "Weird Schema.ü"."P ""2""" partition of "Weird Schema.ü"."Ev""ents . Ünïcode ☃"
  for values from ('2026-07-01') to ('2027-01-01');
create table "Weird Schema.ü".def partition of "Weird Schema.ü"."Ev""ents . Ünïcode ☃" default;
insert into "Weird Schema.ü"."Ev""ents . Ünïcode ☃"
  select '2025-01-01'::timestamptz + i * interval '1 hour', 'x' from generate_series(1, 500) i;
create table "select" (ts timestamptz not null) partition by range (ts);
create table "from" partition of "select" for values from ('2026-11-01') to ('2027-11-01');
create table "a/b?c#d%2F&e=\f" (ts timestamptz not null) partition by range (ts);
create table "../.." partition of "a/b?c#d%2F&e=\f" for values from ('2026-11-01') to ('2027-11-01');
create table a23456789_123456789_123456789_123456789_123456789_123456789_123 (ts timestamptz not null)
  partition by range (ts);
create table b23456789_123456789_123456789_123456789_123456789_123456789_123
  partition of a23456789_123456789_123456789_123456789_123456789_123456789_123
  for values from ('2026-11-01') to ('2026-12-01');
create table "ééééééééééééééééééééééééééééééé1" (ts timestamptz not null) partition by range (ts);
create table "MixedCase" (ts timestamptz not null) partition by range (ts);
create table "MixedCase_P1" partition of "MixedCase" for values from ('2026-11-01') to ('2026-12-01');

-- One text, two tables: "a.b".c and a."b.c"; and one name in two schemas.
create schema "a.b";
create schema a;
create table "a.b".c (ts timestamptz not null, v text) partition by range (ts);
create table "a.b".c_1 partition of "a.b".c for values from ('2026-01-01') to ('2027-01-01');
create table a."b.c" (ts timestamptz not null, v text) partition by range (ts);
create table a."b.c_1" partition of a."b.c" for values from ('2026-01-01') to ('2028-01-01');
insert into "a.b".c select '2026-02-01', 'x' from generate_series(1, 1000);
insert into a."b.c" select '2026-02-01', 'x' from generate_series(1, 7000);
create schema s1;
create schema s2;
create table s1.events (ts timestamptz not null, v text) partition by range (ts);
create table s1.events_a partition of s1.events for values from ('2026-11-01') to ('2026-11-20');
create table s2.events (ts timestamptz not null, v text) partition by range (ts);
create table s2.events_a partition of s2.events for values from ('2026-11-01') to ('2026-11-20');
-- A partition need not stand in its table's schema.
create table s2.events_moved partition of s1.events for values from ('2026-10-01') to ('2026-11-01');
insert into s1.events select '2026-10-15', repeat('y', 500) from generate_series(1, 2000);
insert into s2.events select '2026-11-15', repeat('y', 500) from generate_series(1, 1000);

-- Levels: list over range, a list's default, a default that is partitioned, range over range with months missing.
create table regions (region text, ts timestamptz not null, v int) partition by list (region);
create table regions_eu partition of regions for values in ('eu', 'it''s, (odd)') partition by range (ts);
create table regions_us partition of regions for values in ('us') partition by range (ts);
create table regions_null partition of regions for values in (null) partition by range (ts);
create table regions_other partition of regions default;
create table regions_eu_11 partition of regions_eu for values from ('2026-11-01') to ('2026-12-01');
create table regions_eu_12 partition of regions_eu for values from ('2026-12-01') to ('2027-01-01');
create table regions_us_10 partition of regions_us for values from ('2026-10-01') to ('2026-11-01');
create table regions_null_11 partition of regions_null for values from ('2026-11-01') to ('2028-01-01');
insert into regions select case i % 3 when 0 then 'eu' when 1 then null else 'it''s, (odd)' end, '2026-11-15', i
  from generate_series(1, 3000) i;
insert into regions select 'zz', '2026-11-15', i from generate_series(1, 70) i;
create table deep_default (ts timestamptz not null, r text) partition by range (ts);
create table deep_default_1 partition of deep_default for values from ('2026-11-01') to ('2027-11-01');
create table deep_default_rest partition of deep_default default partition by list (r);
create table deep_default_rest_a partition of deep_default_rest for values in ('a');
create table deep_default_rest_rest partition of deep_default_rest default;
insert into deep_default select '2020-01-01', 'a' from generate_series(1, 10);
insert into deep_default select '2020-01-01', 'q' from generate_series(1, 5);
create table years (ts timestamptz not null, v int) partition by range (ts);
create table years_2026 partition of years for values from ('2026-01-01') to ('2027-01-01') partition by range (ts);
create table years_2026_01 partition of years_2026 for values from ('2026-01-01') to ('2026-02-01');
create table years_2026_03 partition of years_2026 for values from ('2026-03-01') to ('2026-04-01');

-- Hash with a remainder missing; a table with no partition; a default with rows in it.
create table hashed (id bigint not null, v text) partition by hash (id);
create table hashed_0 partition of hashed for values with (modulus 4, remainder 0);
create table hashed_1 partition of hashed for values with (modulus 4, remainder 1);
create table hashed_3 partition of hashed for values with (modulus 4, remainder 3);
create table h23456789_123456789_123456789_123456789_123456789_123456789_123 (id bigint not null)
  partition by hash (id);
create table h23456789_0 partition of h23456789_123456789_123456789_123456789_123456789_123456789_123
  for values with (modulus 2, remainder 0);
create table empty_parent (ts timestamptz not null) partition by range (ts);
create table with_default (ts timestamptz not null) partition by range (ts);
create table with_default_11 partition of with_default for values from ('2026-11-01') to ('2027-11-01');
create table with_default_rest partition of with_default default;
insert into with_default select '2020-01-01' from generate_series(1, 2500);

-- Gaps in the past and ahead, infinity, the ends of the calendar, odd values in a list.
create table gap_behind (ts timestamptz not null) partition by range (ts);
create table gap_behind_a partition of gap_behind for values from (minvalue) to ('2026-01-01');
create table gap_behind_b partition of gap_behind for values from ('2026-01-01') to ('2026-03-01');
create table gap_behind_c partition of gap_behind for values from ('2026-05-01') to ('infinity');
create table gap_behind_d partition of gap_behind for values from ('infinity') to (maxvalue);
create table gap_ahead (ts timestamptz not null) partition by range (ts);
create table gap_ahead_a partition of gap_ahead for values from ('2026-11-01') to ('2027-02-01');
create table gap_ahead_b partition of gap_ahead for values from ('2027-03-01') to (maxvalue);
create table end_of_time (d date not null) partition by range (d);
create table end_of_time_a partition of end_of_time for values from ('2026-11-01') to ('2026-12-01');
create table end_of_time_b partition of end_of_time for values from ('2026-12-01') to ('5874897-12-31');
create table before_christ (d date not null) partition by range (d);
create table before_christ_a partition of before_christ for values from ('4713-01-01 BC') to ('2026-11-01');
create table before_christ_b partition of before_christ for values from ('2026-11-01') to ('9999-12-31');
create table odd_list (k text, v int) partition by list (k);
create table odd_list_1 partition of odd_list for values in (null, '', 'NULL', 'a,b', 'it''s');
create table odd_list_2 partition of odd_list for values in ('x');
-- 400 days ahead, and a yearly one with eleven months left.
create table far_ahead (d date not null) partition by range (d);
create table far_ahead_1 partition of far_ahead for values from ('2026-11-27') to ('2026-11-28');
create table far_ahead_2 partition of far_ahead for values from ('2026-11-28') to ('2028-01-01');
create table yearly (ts timestamptz not null) partition by range (ts);
create table yearly_2025 partition of yearly for values from ('2024-11-01') to ('2025-11-01');
create table yearly_2026 partition of yearly for values from ('2025-11-01') to ('2026-11-01');
create table yearly_2027 partition of yearly for values from ('2026-11-01') to ('2027-11-01');

-- A partition of each is left pending by stranger.ts, as a DETACH CONCURRENTLY that gave up leaves it.
create table "Det ach" (ts timestamptz not null) partition by range (ts);
create table "Det ach 1" partition of "Det ach" for values from ('2026-09-01') to ('2026-10-01');
create table "Det ach 2" partition of "Det ach" for values from ('2026-10-01') to ('2027-10-01');
create table "Det ach.deep" (ts timestamptz not null) partition by range (ts);
create table "Det ach.deep 2026" partition of "Det ach.deep" for values from ('2026-01-01') to ('2027-01-01')
  partition by range (ts);
create table "Det ach.deep 01" partition of "Det ach.deep 2026" for values from ('2026-01-01') to ('2026-02-01');
create table "Det ach.deep 02" partition of "Det ach.deep 2026" for values from ('2026-02-01') to ('2027-01-01');
insert into "Det ach" select '2026-09-15' from generate_series(1, 100);

-- Keys of every type.
create table key_date (d date not null) partition by range (d);
create table key_date_1 partition of key_date for values from ('2026-11-26') to ('2026-11-27');
create table key_date_2 partition of key_date for values from ('2026-11-27') to ('2026-11-28');
create table key_timestamp (t timestamp not null) partition by range (t);
create table key_timestamp_1 partition of key_timestamp for values from ('2026-11-01') to ('2026-12-01');
create table key_milliseconds (t bigint not null) partition by range (t);
create table key_milliseconds_1 partition of key_milliseconds for values from (1793491200000) to (1796083200000);
create table key_milliseconds_2 partition of key_milliseconds for values from (1796083200000) to (1798761600000);
create table key_snowflake (id bigint not null) partition by range (id);
create table key_snowflake_1 partition of key_snowflake
  for values from (1858000000000000000) to (1860000000000000000);
create table key_snowflake_2 partition of key_snowflake
  for values from (1861000000000000000) to (1862000000000000000);
create table key_id (id int not null) partition by range (id);
create table key_id_1 partition of key_id for values from (0) to (1000000);
create table key_id_2 partition of key_id for values from (1000000) to (2000000);
create table key_id_4 partition of key_id for values from (3000000) to (4000000);
create table key_year (y smallint not null) partition by range (y);
create table key_year_1 partition of key_year for values from (2025) to (2026);
create table key_year_2 partition of key_year for values from (2026) to (2027);
create table key_numeric (n numeric not null) partition by range (n);
create table key_numeric_1 partition of key_numeric for values from (-1.5) to (0.25);
create table key_numeric_2 partition of key_numeric for values from (0.5) to ('Infinity');
create table key_text (m text not null) partition by range (m);
create table key_text_1 partition of key_text for values from ('2026-10') to ('2026-11');
create table key_text_2 partition of key_text for values from ('2026-12') to ('2027-01');
create table key_uuid (id uuid not null) partition by range (id);
create table key_uuid_1 partition of key_uuid
  for values from ('019a0000-0000-7000-8000-000000000000') to ('019b0000-0000-7000-8000-000000000000');
create table key_uuid_2 partition of key_uuid
  for values from ('019b0000-0000-7000-8000-000000000000') to ('019c0000-0000-7000-8000-000000000000');
create table key_boolean (b boolean, v int) partition by list (b);
create table key_boolean_1 partition of key_boolean for values in (true, null);
create domain moment as timestamptz;
create table key_domain (ts moment not null) partition by range (ts);
create table key_domain_1 partition of key_domain for values from ('2026-11-01') to ('2026-12-01');
create type "Mood ,x" as enum ('sad', 'ok', 'it''s');
create table key_enum (m "Mood ,x") partition by list (m);
create table key_enum_1 partition of key_enum for values in ('sad', 'it''s');
create type release as (major int, minor int);
create table key_custom (r release not null) partition by range (r);
create table key_custom_1 partition of key_custom for values from ('(1,0)') to ('(2,0)');
create table key_custom_2 partition of key_custom for values from ('(2,0)') to ('(3,0)');
create table key_composite (ts timestamptz not null, org int not null) partition by range (ts, org);
create table key_composite_1 partition of key_composite for values from ('2026-11-01', minvalue) to ('2026-11-15', 100);
create table key_composite_2 partition of key_composite for values from ('2026-11-15', 100) to ('2026-12-01', minvalue);
create table key_org_time (org int not null, ts timestamptz not null) partition by range (org, ts);
create table key_org_time_1 partition of key_org_time for values from (1, '2026-01-01') to (1, '2026-11-01');
create table key_org_time_2 partition of key_org_time for values from (2, '2026-01-01') to (2, '2027-01-01');
create table key_trunc (ts timestamp not null) partition by range (date_trunc('day', ts));
create table key_trunc_1 partition of key_trunc for values from ('2026-11-26') to ('2026-11-27');
create table key_extract (ts timestamp not null) partition by range ((extract(year from ts)));
create table key_extract_1 partition of key_extract for values from (2025) to (2026);
create table key_utc_day (ts timestamptz not null) partition by range (((ts at time zone 'UTC')::date));
create table key_utc_day_1 partition of key_utc_day for values from ('2026-11-26') to ('2026-11-29');

-- Foreign partitions: nobody analyzes them, and nobody knows their size.
create server loop foreign data wrapper postgres_fdw
  options (host '127.0.0.1', port '{{port}}', dbname '{{database}}', fetch_size '1000');
create user mapping for public server loop options (user 'postgres', password 'test');
create server files foreign data wrapper file_fdw;
create table remote_events (ts timestamptz not null, v text);
insert into remote_events select '2026-08-15', 'x' from generate_series(1, 40);
create table far_events (ts timestamptz not null, v text) partition by range (ts);
create table far_events_11 partition of far_events for values from ('2026-11-01') to ('2027-11-01');
create foreign table far_events_08 partition of far_events for values from ('2026-08-01') to ('2026-09-01')
  server loop options (schema_name 'public', table_name 'remote_events');
create foreign table far_events_07 partition of far_events for values from ('2026-07-01') to ('2026-08-01')
  server files options (program 'echo "2026-07-15 12:00:00+00,x"', format 'csv');

-- Estimates that are no longer true; and what inherits as people did before version 10.
create table stale_rows (ts timestamptz not null) partition by range (ts);
create table stale_rows_1 partition of stale_rows for values from ('2026-01-01') to ('2028-01-01')
  with (autovacuum_enabled = off);
insert into stale_rows select '2026-02-01' from generate_series(1, 12345);
create table inherited (ts timestamptz not null);
create table inherited_1 (check (ts < '2026-01-01')) inherits (inherited);

-- Indexes twice, a sequence near its end; stranger.ts leaves an index invalid.
create table "Weird Schema.ü"."Ord""ers" ("Id" int generated always as identity, "at.v" text);
select setval(pg_get_serial_sequence('"Weird Schema.ü"."Ord""ers"', 'Id'), 2147483000);
create index "Twice 1" on "Weird Schema.ü"."Ord""ers" ("at.v");
create index "Twice 2" on "Weird Schema.ü"."Ord""ers" ("at.v");
create index "c.twice 1" on "a.b".c (v);
create index "c.twice 2" on "a.b".c (v);

-- New York's midnights over the day it puts its clocks back.
create table new_york (ts timestamptz not null) partition by range (ts);
do $$
begin
  for day in 0..36 loop
    execute format('create table %I partition of new_york for values from (%L) to (%L)',
      'new_york_' || to_char('2026-10-25'::date + day, 'YYYYMMDD'), '2026-10-25'::date + day, '2026-10-26'::date + day);
  end loop;
end $$;
