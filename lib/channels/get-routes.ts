import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { ChannelKind } from "./kinds.ts";
import { readRoutes, type StoredRoute } from "./routes.ts";

export interface RouteList {
  /** In the order in which they are asked; the default one last. */
  routes: StoredRoute[];
  channels: { id: string; name: string; kind: ChannelKind; enabled: boolean }[];
}

export async function getRoutes({ db }: Pick<ConsoleDb, "db">): Promise<RouteList> {
  const { id, name, kind, enabled } = schema.channel;
  const [routes, channels] = await Promise.all([
    readRoutes(db),
    db.select({ id, name, kind, enabled }).from(schema.channel).orderBy(name),
  ]);
  return { routes, channels };
}
