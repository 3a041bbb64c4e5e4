import { asc, sql } from "drizzle-orm";
import { matchersInput } from "../alerting/matcher.ts";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { Route } from "./due-tellings.ts";

export const defaultRouteId = "default";

/** A route as people set it; times in seconds. */
export interface StoredRoute {
  /** `default`: the last one, for what no other took. */
  id: string;
  name: string;
  matchers: Route["matchers"];
  severities: Route["severities"];
  channels: readonly string[] | null;
  groupWaitSeconds: number;
  groupIntervalSeconds: number;
  repeatSeconds: number | null;
  goOn: boolean;
  changed: { at: Date; by: string } | null;
}

/** Until somebody changes it a first channel gets everything of warning and critical. */
export const defaultRoute: StoredRoute = {
  id: defaultRouteId,
  name: "Everything else",
  matchers: [],
  severities: ["warning", "critical"],
  channels: null,
  groupWaitSeconds: 30,
  groupIntervalSeconds: 300,
  repeatSeconds: 14_400,
  goOn: false,
  changed: null,
};

/** Every route in the order in which they are asked, the default one last. */
export async function readRoutes(db: Pick<Queryable, "select">): Promise<StoredRoute[]> {
  const { route } = schema;
  const rows = await db
    .select()
    .from(route)
    .orderBy(asc(sql`${route.id} = ${defaultRouteId}`), asc(route.position), asc(route.id));
  const stored = rows.map(
    ({ matchers, changedAt, changedByName, position: _, ...row }): StoredRoute => ({
      ...row,
      matchers: matchersInput.parse(matchers),
      changed: { at: changedAt, by: changedByName },
    }),
  );
  return stored.at(-1)?.id === defaultRouteId ? stored : [...stored, defaultRoute];
}

export function paceOf(stored: StoredRoute): Route {
  const { id, matchers, severities, channels, groupWaitSeconds, groupIntervalSeconds, repeatSeconds, goOn } =
    stored;
  return {
    id,
    matchers,
    severities,
    channels,
    groupWaitMs: groupWaitSeconds * 1_000,
    groupIntervalMs: groupIntervalSeconds * 1_000,
    repeatMs: repeatSeconds === null ? null : repeatSeconds * 1_000,
    goOn,
  };
}
