import { rangeOfSearch } from "@/lib/client/ranges.ts";
import type { ReadInput } from "@/lib/client/reads.ts";
import type { RangeValue } from "@/lib/client/url-state.ts";
import type { QueryOrder } from "@/lib/queries/top-query.ts";
import { queryOrderNames } from "./query-orders.ts";

export const queryGroups = ["statement", "shape"] as const;
export type QueryGroup = (typeof queryGroups)[number];
export const firstLimit = 25;
export const mostQueries = 500;

export interface QueryChoice {
  by: QueryOrder;
  dir: "asc" | "desc";
  group: QueryGroup;
  search: string;
  limit: number;
}

export const defaultChoice: QueryChoice = {
  by: "totalTime",
  dir: "desc",
  group: "statement",
  search: "",
  limit: firstLimit,
};

type Search = Record<string, string | string[] | undefined>;

/** What the list asks, the same on the server and in the browser. */
export function topQueriesInput(
  range: RangeValue,
  hideOwn: boolean,
  choice: QueryChoice,
): ReadInput<"topQueries"> {
  const search = choice.search.trim();
  return {
    range,
    orderBy: choice.by,
    order: choice.dir,
    limit: choice.limit,
    hideOwn,
    group: choice.group,
    ...(search && { search }),
  };
}

/** Of the whole server: time and calls a second. */
export function statementLoadInput(range: RangeValue): ReadInput<"seriesHistory"> {
  return { series: ["statements.totalExecMs", "statements.calls"], range };
}

/** The choice that a page's query string holds. */
function choiceOfSearch(search: Search): QueryChoice {
  const one = (name: string) => {
    const value = search[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const limit = Number(one("limit"));
  return {
    by: queryOrderNames.find((name) => name === one("by")) ?? defaultChoice.by,
    dir: one("dir") === "asc" ? "asc" : "desc",
    group: one("group") === "shape" ? "shape" : "statement",
    search: one("q") ?? "",
    limit: Number.isInteger(limit) && limit > 0 ? Math.min(limit, mostQueries) : firstLimit,
  };
}

/** The reads of the list's page, for prefetching. */
export function queriesPageReads(search: Search) {
  const range = rangeOfSearch(search);
  const hideOwn = search.own !== "show";
  const list =
    search.view === "running"
      ? (["runningQueries", { hideOwn }] as const)
      : (["topQueries", topQueriesInput(range, hideOwn, choiceOfSearch(search))] as const);
  return [["statementStatistics", {}] as const, ["seriesHistory", statementLoadInput(range)] as const, list];
}

/** The page of one statement. */
export function statementHref(target: string, key: string): string {
  return `/${encodeURIComponent(target)}/queries/${encodeURIComponent(key)}`;
}
