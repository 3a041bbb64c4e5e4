import { eq } from "drizzle-orm";
import { z } from "zod";
import { alertSeverities } from "../alerting/alert.ts";
import { type LabelName, type Labels, labelNames } from "../alerting/labels.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { textInput } from "../inputs.ts";
import { routesOf } from "./due-tellings.ts";
import { getRoutes } from "./get-routes.ts";
import { readAlertsOf } from "./read-levels.ts";
import { paceOf } from "./routes.ts";

/** An alert that is there, by its incident, or one that is thought of, by its labels. */
export const previewInput = z.union([
  z.strictObject({ incident: z.uuid() }),
  z.strictObject({
    severity: z.enum(alertSeverities),
    labels: z.partialRecord(z.enum(labelNames), textInput(200)).default({}),
  }),
]);

export interface RoutePreview {
  /** What was routed: an incident's alerts that fire, or the one that is thought of. */
  alerts: { labels: Labels; severity: (typeof alertSeverities)[number] }[];
  /** Where they go, each channel by the first route that leads there. */
  tells: {
    channel: { id: string; name: string; enabled: boolean };
    route: { id: string; name: string };
    groupWaitSeconds: number;
    groupIntervalSeconds: number;
    repeatSeconds: number | null;
  }[];
  /** The routes that took them. */
  taken: { id: string; name: string; channels: number }[];
}

/** Who would be told of an alert, as the routes stand now; silences and acknowledgements play no part. */
export async function previewRoute(
  { db }: Pick<ConsoleDb, "db">,
  input: z.output<typeof previewInput>,
): Promise<RoutePreview> {
  const { routes, channels } = await getRoutes({ db });
  const alerts = "incident" in input ? await alertsOf(db, input.incident) : [thought(input)];
  const tells = new Map<string, RoutePreview["tells"][number]>();
  const taken = new Map<string, RoutePreview["taken"][number]>();
  for (const alert of alerts)
    for (const { id } of routesOf(alert, routes.map(paceOf))) {
      const route = routes.find((one) => one.id === id);
      if (!route) continue;
      const led = channels.filter((channel) => route.channels?.includes(channel.id) ?? channel.enabled);
      taken.set(id, { id, name: route.name, channels: led.length });
      const { groupWaitSeconds, groupIntervalSeconds, repeatSeconds } = route;
      for (const { kind: _, ...channel } of led)
        if (!tells.has(channel.id))
          tells.set(channel.id, {
            channel,
            route: { id, name: route.name },
            groupWaitSeconds,
            groupIntervalSeconds,
            repeatSeconds,
          });
    }
  return { alerts, tells: [...tells.values()], taken: [...taken.values()] };
}

async function alertsOf(db: ConsoleDb["db"], id: string): Promise<RoutePreview["alerts"]> {
  const [incident] = await db.select().from(schema.incident).where(eq(schema.incident.id, id));
  if (!incident) throw new AppError("NOT_FOUND", "There is no such incident.");
  return readAlertsOf(db, incident);
}

function thought(input: {
  severity: (typeof alertSeverities)[number];
  labels: Partial<Record<LabelName, string>>;
}): RoutePreview["alerts"][number] {
  const { severity, labels } = input;
  const check = labels.check ?? "";
  const none = Object.fromEntries(labelNames.map((name) => [name, ""])) as Record<LabelName, string>;
  return { severity, labels: { ...none, topic: check.split(".")[0] ?? "", ...labels, severity } };
}
