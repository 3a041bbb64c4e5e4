import type { ReadInput } from "@/lib/client/reads.ts";
import { parseQualified, quoteQualified } from "@/lib/quote-sql.ts";

/** Inputs of this page's reads: made here for the prefetch on the server and for the panels alike. */
export const pageRows = 200;

export interface TableName {
  schema: string;
  root: string;
}

/** A relation as the URL and row keys hold it: `public.audit_log`, `"a.b".c`. */
export function qualify({ schema, name }: { schema: string; name: string }): string {
  return quoteQualified(schema, name);
}

/** The relation that `qualify` wrote, or that a person typed as SQL has it; null when the text names none. */
export function parseRelation(text: string | null | undefined): { schema: string; name: string } | null {
  const relation = text ? parseQualified(text) : null;
  return relation && { schema: relation.schema ?? "public", name: relation.name };
}

export function parseTableName(text: string | null | undefined): TableName | null {
  const relation = parseRelation(text);
  return relation && { schema: relation.schema, root: relation.name };
}

export function lanesInput(table: TableName | null): ReadInput<"partitionLanes"> {
  return table ?? {};
}

const orders: Record<string, NonNullable<ReadInput<"partitionTable">["orderBy"]>> = {
  name: "name",
  branch: "branch",
  bounds: "from",
  rows: "rowsEstimated",
  total: "totalBytes",
  table: "tableBytes",
  index: "indexBytes",
  toast: "toastBytes",
  dead: "deadRows",
  inserted: "inserted",
  changed: "updated",
  deleted: "deleted",
  seqScans: "seqScans",
  indexScans: "indexScans",
  vacuum: "lastVacuum",
  analyze: "lastAnalyze",
};

export const defaultSort = { id: "bounds", desc: true };

/** One page of the table, ordered and filtered by the server. `sort` is "total.desc" as the URL holds it. */
export function tableInput(
  table: TableName,
  { sort, filter, page }: { sort: string | null; filter: string; page: number },
): ReadInput<"partitionTable"> {
  const cut = sort?.lastIndexOf(".") ?? -1;
  const orderBy = sort && cut > 0 ? orders[sort.slice(0, cut)] : undefined;
  const order = orderBy ? (sort?.endsWith(".desc") ? "desc" : "asc") : defaultSort.desc ? "desc" : "asc";
  return {
    ...table,
    orderBy: orderBy ?? "from",
    order,
    ...(filter && { filter }),
    limit: pageRows,
    offset: (page - 1) * pageRows,
  };
}
