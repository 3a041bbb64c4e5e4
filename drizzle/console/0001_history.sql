-- What the collector writes. Sample tables are partitioned by time; the worker creates partitions ahead
-- and drops expired ones, so nothing is ever deleted row by row.
CREATE SCHEMA history;
--> statement-breakpoint
CREATE TABLE history.target (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  -- What the watched server last said of itself, to notice restarts and upgrades.
  server_started_at timestamptz,
  server_version_num integer,
  server_version text
);
--> statement-breakpoint
CREATE TABLE history.sampler (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  form text NOT NULL CHECK (form IN ('totals', 'objects')),
  every_seconds integer NOT NULL,
  -- Objects only: place of the figure by whose growth or value objects are kept.
  rank_position smallint
);
--> statement-breakpoint
-- A series keeps its place in the arrays for good; new ones are appended.
CREATE TABLE history.series (
  sampler_id smallint NOT NULL REFERENCES history.sampler,
  position smallint NOT NULL,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('gauge', 'counter')),
  unit text NOT NULL,
  PRIMARY KEY (sampler_id, position),
  UNIQUE (sampler_id, name, kind)
);
--> statement-breakpoint
CREATE INDEX series_name ON history.series (name);
--> statement-breakpoint
-- Since when a sampler runs on a target, its newest sample, and how far it is rolled up (exclusive).
CREATE TABLE history.collecting (
  target_id smallint NOT NULL REFERENCES history.target,
  sampler_id smallint NOT NULL REFERENCES history.sampler,
  since timestamptz NOT NULL,
  newest_slot timestamptz NOT NULL,
  newest_at timestamptz NOT NULL,
  minute_until timestamptz,
  hour_until timestamptz,
  PRIMARY KEY (target_id, sampler_id)
) WITH (fillfactor = 50);
--> statement-breakpoint
-- One row holds all figures of one sampler at one slot: counters cumulative, gauges as read.
CREATE TABLE history.total_raw (
  slot timestamptz NOT NULL,
  at timestamptz NOT NULL,
  counts_since timestamptz,
  target_id smallint NOT NULL,
  sampler_id smallint NOT NULL,
  figures double precision[] NOT NULL,
  PRIMARY KEY (target_id, sampler_id, slot)
) PARTITION BY RANGE (slot);
--> statement-breakpoint
-- amounts ÷ weights is the figure: gauge sum ÷ samples, counter growth ÷ covered seconds. lows and highs: gauges.
CREATE TABLE history.total_minute (
  slot timestamptz NOT NULL,
  target_id smallint NOT NULL,
  sampler_id smallint NOT NULL,
  amounts double precision[] NOT NULL,
  weights real[] NOT NULL,
  lows double precision[] NOT NULL,
  highs double precision[] NOT NULL,
  PRIMARY KEY (target_id, sampler_id, slot)
) PARTITION BY RANGE (slot);
--> statement-breakpoint
CREATE TABLE history.total_hour (
  slot timestamptz NOT NULL,
  target_id smallint NOT NULL,
  sampler_id smallint NOT NULL,
  amounts double precision[] NOT NULL,
  weights real[] NOT NULL,
  lows double precision[] NOT NULL,
  highs double precision[] NOT NULL,
  PRIMARY KEY (target_id, sampler_id, slot)
) PARTITION BY RANGE (slot);
--> statement-breakpoint
-- Objects that were ever kept, and what was told of them when they were first kept.
CREATE TABLE history.object (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  target_id smallint NOT NULL REFERENCES history.target,
  sampler_id smallint NOT NULL REFERENCES history.sampler,
  key text NOT NULL,
  first_seen timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  label jsonb,
  UNIQUE (target_id, sampler_id, key)
) WITH (fillfactor = 90);
--> statement-breakpoint
-- That an object sampler ran: an object without a row in such a slot did not change. A keyframe has every kept object.
CREATE TABLE history.object_slot_raw (
  slot timestamptz NOT NULL,
  at timestamptz NOT NULL,
  covered_seconds real,
  target_id smallint NOT NULL,
  sampler_id smallint NOT NULL,
  keyframe boolean NOT NULL,
  PRIMARY KEY (target_id, sampler_id, slot)
) PARTITION BY RANGE (slot);
--> statement-breakpoint
CREATE TABLE history.object_slot_hour (
  slot timestamptz NOT NULL,
  at timestamptz NOT NULL,
  covered_seconds real,
  target_id smallint NOT NULL,
  sampler_id smallint NOT NULL,
  keyframe boolean NOT NULL,
  PRIMARY KEY (target_id, sampler_id, slot)
) PARTITION BY RANGE (slot);
--> statement-breakpoint
-- Counters as growth since the sample before (null: reset), gauges as read.
CREATE TABLE history.object_raw (
  slot timestamptz NOT NULL,
  object_id integer NOT NULL,
  target_id smallint NOT NULL,
  sampler_id smallint NOT NULL,
  figures double precision[] NOT NULL,
  PRIMARY KEY (target_id, sampler_id, slot, object_id)
) PARTITION BY RANGE (slot);
--> statement-breakpoint
CREATE TABLE history.object_hour (
  slot timestamptz NOT NULL,
  object_id integer NOT NULL,
  target_id smallint NOT NULL,
  sampler_id smallint NOT NULL,
  figures double precision[] NOT NULL,
  PRIMARY KEY (target_id, sampler_id, slot, object_id)
) PARTITION BY RANGE (slot);
--> statement-breakpoint
CREATE TABLE history.target_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  target text NOT NULL,
  at timestamptz NOT NULL,
  ended_at timestamptz,
  kind text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  title text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  CHECK (ended_at IS NULL OR ended_at >= at)
);
--> statement-breakpoint
CREATE INDEX target_event_at ON history.target_event (target, at);
--> statement-breakpoint
-- At most one outage is open on a target, whoever noticed it.
CREATE UNIQUE INDEX target_event_open ON history.target_event (target, kind) WHERE ended_at IS NULL AND kind = 'outage';
--> statement-breakpoint
-- The same happening noticed by two leaders is one event.
CREATE UNIQUE INDEX target_event_once ON history.target_event (target, kind, at, title);
--> statement-breakpoint
-- Who leads which duty. The advisory lock decides; the lease shows it and unmasks a leader that hangs.
CREATE TABLE history.leader (
  duty text NOT NULL,
  target text NOT NULL,
  holder text NOT NULL,
  backend_pid integer NOT NULL,
  since timestamptz NOT NULL,
  renewed_at timestamptz NOT NULL,
  PRIMARY KEY (duty, target)
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE history.heartbeat (
  duty text NOT NULL,
  target text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (duty, target)
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE history.instance (
  instance_id text PRIMARY KEY,
  kind text NOT NULL,
  host text NOT NULL,
  pid integer NOT NULL,
  started_at timestamptz NOT NULL,
  heartbeat_at timestamptz NOT NULL,
  engines jsonb NOT NULL
) WITH (fillfactor = 50);
