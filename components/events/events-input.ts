import type { EventKey } from "@/lib/audit-log/event-filters.ts";
import { rangeOfSearch } from "@/lib/client/ranges.ts";
import type { ReadInput } from "@/lib/client/reads.ts";
import type { RangeValue } from "@/lib/client/url-state.ts";

export const statuses = ["attempt", "success", "failure"] as const;
export const classifications = ["PUBLIC", "INTERNAL", "CONFIDENTIAL", "PHI"] as const;
/** Filters that are typed; the name is the URL's key. */
export const typedFilters = [
  "actor",
  "about",
  "organization",
  "action",
  "correlation",
  "policy",
  "text",
] as const;
export type TypedFilter = (typeof typedFilters)[number];

export interface EventFilter extends Record<TypedFilter, string> {
  status: (typeof statuses)[number] | null;
  classification: (typeof classifications)[number] | null;
  /** Key of the event before which the page begins; null on the newest page. */
  before: string | null;
}

export const emptyFilter: Omit<EventFilter, "before"> = {
  actor: "",
  about: "",
  organization: "",
  action: "",
  correlation: "",
  policy: "",
  text: "",
  status: null,
  classification: null,
};

/** An event's key as one word of the URL. */
export function keyText({ occurredAt, id }: EventKey): string {
  return `${occurredAt}_${id}`;
}

export function keyOfText(text: string | null): EventKey | null {
  const [occurredAt, id] = text?.split("_") ?? [];
  return occurredAt && id ? { occurredAt, id } : null;
}

/** What the list asks, the same on the server and in the browser. */
export function searchInput(range: RangeValue, filter: EventFilter): ReadInput<"searchEvents"> {
  const before = keyOfText(filter.before);
  const typed = (name: TypedFilter) => filter[name].trim() || undefined;
  const asked = {
    range,
    actor: typed("actor"),
    target: typed("about"),
    organization: typed("organization"),
    action: typed("action"),
    correlation: typed("correlation"),
    policy: typed("policy"),
    text: typed("text"),
    status: filter.status ?? undefined,
    classification: filter.classification ?? undefined,
    before: before ?? undefined,
  };
  // Left out, not undefined: the key of a read is compared as JSON.
  return Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== undefined),
  ) as ReadInput<"searchEvents">;
}

type Search = Record<string, string | string[] | undefined>;

export function filterOfSearch(search: Search): EventFilter {
  const one = (name: string) => {
    const value = search[name];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  };
  return {
    ...(Object.fromEntries(typedFilters.map((name) => [name, one(name) ?? ""])) as Record<
      TypedFilter,
      string
    >),
    status: statuses.find((status) => status === one("status")) ?? null,
    classification: classifications.find((name) => name === one("class")) ?? null,
    before: one("before"),
  };
}

/** The reads of the page, for prefetching. */
export function eventsPageReads(search: Search) {
  return [
    ["searchEvents", searchInput(rangeOfSearch(search), filterOfSearch(search))] as const,
    ["quarantine", {}] as const,
  ];
}
