import { eventConditions, keyConditions, type PlaceValue, type TokenFilters } from "./event-conditions.ts";
import { exportColumns } from "./export-columns.ts";
import type { EventKey } from "./types.ts";

/** A COPY statement whose `%n$L` the server itself fills with quoted literals: COPY takes no parameters. */
export interface CopyTemplate {
  template: string;
  values: string[];
}

/** The COPY of an export, in binary form. @param after only what lies after this event */
export function exportStatement(filters: TokenFilters, after?: EventKey): CopyTemplate {
  const values: string[] = [];
  const place: PlaceValue = (value, type) =>
    `%${values.push(value instanceof Date ? value.toISOString() : value)}$L::${type}`;
  const conditions = [
    ...eventConditions(filters, place),
    ...(after ? keyConditions("after", after, place) : []),
  ];
  const columns = exportColumns.map(({ column }) => column).join(", ");
  const template =
    `copy (select ${columns} from public.audit_log where ${conditions.join(" and ")} ` +
    "order by occurred_at, id) to stdout (format binary)";
  return { template, values };
}

/**
 * Begins the transaction of an export and its settings. Sent in one message with the COPY and the COMMIT, so that the
 * server is done, and its snapshot gone, when it has sent the last row, however long a reader then takes for the rest.
 * Rows come in the order of an index on time, so that nothing is sorted in temporary files of the server; only a target
 * or a correlation is found faster otherwise, and those are few. Compiling expressions would happen once for each partition.
 */
export function exportBegin(filters: TokenFilters): string {
  const ordered = filters.target === undefined && filters.correlation === undefined;
  return [
    "begin read only",
    "set local statement_timeout = 0",
    "set local jit = off",
    "set local max_parallel_workers_per_gather = 0",
    ...(ordered ? ["set local enable_sort = off"] : []),
  ].join("; ");
}
