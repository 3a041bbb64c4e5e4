import type { Purpose } from "../purpose.ts";

/** What a session is opened for: a purpose on an audit database, its migration, or the console's own database. */
export type SessionUse = Purpose | "migration" | "console";

export interface SessionSetting {
  name: string;
  /** Undefined where the role's own value is the right one. */
  value: string | ((use: SessionUse) => string | undefined);
  /** What another value would do. */
  why: string;
  /**
   * Values a session may show. One that shows another although we asked (a pooler dropped ours, or only a superuser
   * may choose) is refused. Without it the setting protects, but no answer depends on it.
   */
  accepted?: readonly string[];
}

const readOnly: readonly SessionUse[] = ["watch", "read", "explain"];
const writing: readonly SessionUse[] = ["write", "maintenance", "privacy", "migration", "console"];

/** A setting of which answers depend. */
const must = (name: string, value: string, why: string): SessionSetting => ({
  name,
  value,
  why,
  accepted: [value],
});

/** Planner switches that every supported version has, at their defaults: what our statements were measured with. */
const plannerSwitches = {
  on: [
    ...[
      "async_append",
      "bitmapscan",
      "gathermerge",
      "hashagg",
      "hashjoin",
      "incremental_sort",
      "indexonlyscan",
    ],
    ...["indexscan", "material", "memoize", "mergejoin", "nestloop", "parallel_append", "parallel_hash"],
    ...["partition_pruning", "seqscan", "sort", "tidscan"],
  ],
  off: ["partitionwise_aggregate", "partitionwise_join"],
};

const unlessExplaining = (value: string) => (use: SessionUse) => (use === "explain" ? undefined : value);

/**
 * Every setting a role, a database or a URL could change for us and that decides how values are read, planned or
 * written. They travel as parameters of the start-up packet, which win over `ALTER ROLE … SET`, `ALTER DATABASE … SET`
 * and the packet's `options` (ADR 45), so only settings that PostgreSQL 14 to 18 all have.
 */
export const sessionSettings: readonly SessionSetting[] = [
  must("client_encoding", "UTF8", "texts would be read as other characters"),
  must("DateStyle", "ISO, YMD", "5 November would be read as 11 May, or not at all"),
  must("IntervalStyle", "postgres", "durations would be written in another notation"),
  must("TimeZone", "UTC", "bounds of partitions and days would be printed in another zone"),
  must("bytea_output", "hex", "leaves and ciphertexts would read as other bytes: a false tampering alarm"),
  must("extra_float_digits", "1", "figures would come rounded"),
  { name: "lc_monetary", value: "C", why: "bounds of type money would be printed another way" },
  { name: "lc_numeric", value: "C", why: "numbers made into text would have other separators" },
  { name: "lc_time", value: "C", why: "names of days and months would be another language's" },
  must("standard_conforming_strings", "on", "a backslash in a quoted text would change what follows"),
  must("array_nulls", "on", "NULL in an array would be read as the word"),
  must("transform_null_equals", "off", "a comparison with NULL would be true"),
  must("quote_all_identifiers", "off", "names would come in quotes and match no other name"),
  must("row_security", "on", "a table with row security would be refused instead of filtered"),
  must("gin_fuzzy_search_limit", "0", "a search through a GIN index would answer a random part"),
  must("role", "none", "our statements would be another role's, with its rights, and count as foreign load"),
  {
    name: "search_path",
    value: (use) => (use === "console" ? '"$user", public' : "pg_catalog"),
    why: "a function or operator of the same name elsewhere would run in our place, with our rights",
  },
  must(
    "default_transaction_isolation",
    "read committed",
    "a standby refuses serializable; appends would fail",
  ),
  must("default_transaction_deferrable", "off", "a serializable read would wait for others to end"),
  {
    name: "default_transaction_read_only",
    value: (use) => (readOnly.includes(use) ? "on" : "off"),
    why: "on: writing fails; off where we only watch: a slip of ours could write",
  },
  {
    name: "synchronous_commit",
    value: "on",
    why: "off: an acknowledged event may be lost when the server crashes",
    accepted: ["on", "local", "remote_write", "remote_apply"],
  },
  must("exit_on_error", "off", "one refused statement would end the connection and look like an outage"),
  { name: "idle_session_timeout", value: "0", why: "the lock a leader holds would be lost while it waits" },
  { name: "statement_timeout", value: "0", why: "each kind of connection has a limit of its own" },
  { name: "lock_timeout", value: "0", why: "each kind of connection has a limit of its own" },
  {
    name: "idle_in_transaction_session_timeout",
    value: "0",
    why: "each kind of connection has a limit of its own",
  },
  {
    name: "plan_cache_mode",
    // A generic plan over a thousand partitions costs hundreds of milliseconds to build on its sixth run. Appends keep
    // theirs: it names no partition, and making it anew takes a third of a small batch (1.5 ms for 25 events, 1.1 ms without).
    value: (use) =>
      ["watch", "read", "maintenance", "privacy"].includes(use) ? "force_custom_plan" : "auto",
    why: "a generic plan over a thousand partitions takes hundreds of milliseconds to make",
  },
  { name: "jit", value: unlessExplaining("off"), why: "compiling takes longer than our statements run" },
  {
    name: "constraint_exclusion",
    value: unlessExplaining("partition"),
    why: "partitions would be read that cannot hold what is asked for",
  },
  ...(["on", "off"] as const).flatMap((value) =>
    plannerSwitches[value].map((name) => ({
      name: `enable_${name}`,
      value: unlessExplaining(value),
      why: "a read would take another plan than the one it was made for, and time out",
    })),
  ),
];

/** Settings a packet may not name, since only a superuser chooses them; a session that shows another value is refused. */
export const checkedSettings: readonly (SessionSetting & { uses: readonly SessionUse[] })[] = [
  {
    ...must(
      "session_replication_role",
      "origin",
      "triggers that guard the log, and foreign keys, would be off",
    ),
    uses: writing,
  },
];

/** Settings left as the role or server has them; a last `*` stands for the rest of a name. */
export const unpinnedSettings: readonly { names: readonly string[]; why: string }[] = [
  {
    names: [
      ...[
        "cpu_*",
        "seq_page_cost",
        "random_page_cost",
        "parallel_*",
        "effective_*",
        "maintenance_*",
        "work_mem",
      ],
      ...[
        "hash_mem_multiplier",
        "temp_buffers",
        "max_parallel_*",
        "min_parallel_*",
        "jit_*",
        "geqo*",
        "io_*",
      ],
      ...[
        "from_collapse_limit",
        "join_collapse_limit",
        "cursor_tuple_fraction",
        "recursive_worktable_factor",
      ],
      ...["synchronize_seqscans", "logical_decoding_work_mem", "default_statistics_target", "vacuum_*"],
      ...["gin_pending_list_limit", "backend_flush_after", "commit_siblings", "wal_*", "file_copy_method"],
    ],
    why: "say what the server's hardware is worth; they change how long something takes, no value",
  },
  {
    names: [
      ...["enable_distinct_reordering", "enable_group_by_reordering", "enable_presorted_aggregate"],
      ...[
        "enable_self_join_elimination",
        "force_parallel_mode",
        "debug_parallel_query",
        "stats_fetch_consistency",
      ],
      ...["debug_logical_replication_streaming"],
    ],
    why: "not in every version from 14 to 18, so a packet that names them is refused; they change plans, no value",
  },
  {
    names: ["transaction_timeout", "restrict_nonsystem_relation_kind"],
    why: "not in every version from 14 to 18; they end or refuse a statement with an error, no value is wrong",
  },
  {
    names: [
      "default_tablespace",
      "temp_tablespaces",
      "default_table_access_method",
      "default_toast_compression",
    ],
    why: "where and how new partitions lie on disk is the administrator's choice",
  },
  {
    names: ["transaction_isolation", "transaction_read_only", "transaction_deferrable"],
    why: "of one transaction; a role's value has no effect (tried on 15 and 18)",
  },
  {
    names: [
      ...["client_min_messages", "log_parameter_max_length_on_error", "debug_print*", "debug_pretty_print"],
      ...[
        "trace_*",
        "escape_string_warning",
        "backslash_quote",
        "check_function_bodies",
        "createrole_self_grant",
      ],
      ...["password_encryption", "scram_iterations", "md5_password_warnings", "icu_validation_level"],
      ...[
        "timezone_abbreviations",
        "default_text_search_config",
        "xmlbinary",
        "xmloption",
        "local_preload_libraries",
      ],
    ],
    why: "of notices, logs, passwords, XML or text search; no answer depends on them",
  },
  {
    names: ["tcp_*", "client_connection_check_interval"],
    why: "how soon the server notices that we are gone",
  },
  { names: ["application_name"], why: "each kind of connection gives its own" },
];

/** The session settings of one use, as start-up parameters. */
export function startupSettings(use: SessionUse): Record<string, string> {
  const values = sessionSettings.map(({ name, value }) => [
    name,
    typeof value === "string" ? value : value(use),
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** What a session of this use must show, whatever stands between: setting → values. */
export function requiredSettings(use: SessionUse): [name: string, accepted: readonly string[]][] {
  const checked = checkedSettings.filter(({ uses }) => uses.includes(use));
  return [...sessionSettings, ...checked].flatMap(({ name, accepted }) =>
    accepted ? [[name, accepted]] : [],
  );
}
