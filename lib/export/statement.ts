import {
  eventConditions,
  keyConditions,
  type PlaceValue,
  type TokenFilters,
} from "../audit-log/event-conditions.ts";
import type { EventKey } from "../audit-log/event-filters.ts";
import { exportColumns } from "./columns.ts";

/**
 * A COPY statement and what it needs beforehand. COPY takes no parameters, and its text stands as it is in
 * pg_stat_activity, pg_stat_statements and the server's log: what a person typed must not be in it.
 */
export interface CopyTemplate {
  /** Its `%n$L` are filled by the server itself with quoted literals. */
  template: string;
  /** For the template: times and event ids alone. The planner leaves out partitions by constants, not by settings. */
  values: string[];
  /** By name, of the transaction: every text that is looked for. */
  settings: Record<string, string>;
}

/** The COPY of an export, in binary form. @param after only what lies after this event */
export function exportStatement(filters: TokenFilters, after?: EventKey): CopyTemplate {
  const values: string[] = [];
  const settings: Record<string, string> = {};
  const place: PlaceValue = (value, type) => {
    if (type !== "text")
      return `%${values.push(value instanceof Date ? value.toISOString() : value)}$L::${type}`;
    const name = `dashboard.asked_${Object.keys(settings).length + 1}`;
    settings[name] = String(value);
    return `current_setting('${name}')`;
  };
  const conditions = [
    ...eventConditions(filters, place),
    ...(after ? keyConditions("after", after, place) : []),
  ];
  const columns = exportColumns.map(({ column }) => column).join(", ");
  // `salts` is the log's own column, and this null where the schema is older than it.
  const template =
    "copy (select event.* from (select null::bytea as salts) older cross join lateral (" +
    `select ${columns} from public.audit_log where ${conditions.join(" and ")} ` +
    "order by occurred_at, id) event) to stdout (format binary)";
  return { template, values, settings };
}

/**
 * Begins the transaction of an export and its settings. COPY and COMMIT follow in one message, so that the server is
 * done, and its snapshot gone, when it has sent the last row, however long a reader then takes for the rest.
 * Rows come in the order of an index on time, so that nothing is sorted in temporary files of the server; only a target,
 * a correlation or somebody with several tokens is found faster otherwise, and those are few. Compiling expressions would happen once for each partition.
 */
export function exportBegin(filters: TokenFilters): string {
  const several = (filters.actorTokens?.length ?? 1) > 1;
  const ordered = filters.target === undefined && filters.correlation === undefined && !several;
  return [
    "begin read only",
    "set local statement_timeout = 0",
    "set local jit = off",
    "set local max_parallel_workers_per_gather = 0",
    ...(ordered ? ["set local enable_sort = off"] : []),
  ].join("; ");
}
