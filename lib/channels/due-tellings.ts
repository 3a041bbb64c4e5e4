import { severityRank } from "../alerting/alert.ts";
import type { IncidentState } from "../alerting/incident.ts";
import type { Labels } from "../alerting/labels.ts";
import { type Matcher, matches } from "../alerting/matcher.ts";
import type { AlertSeverity, DeliveryKind } from "./kinds.ts";

/** Where an incident goes and at which pace. Times in milliseconds. */
export interface Route {
  id: string;
  matchers: readonly Matcher[];
  severities: readonly AlertSeverity[];
  /** Ids; null: every channel. */
  channels: readonly string[] | null;
  /** From firing to the first message: so much may join it. */
  groupWaitMs: number;
  /** From one message to the next about what joined it. */
  groupIntervalMs: number;
  /** Null: it is told once. */
  repeatMs: number | null;
  /** Whether the routes behind it are asked as well. */
  goOn: boolean;
}

export interface RoutedAlert {
  labels: Labels;
  severity: AlertSeverity;
  /** Nobody is told of it just now. */
  hushed: boolean;
}

/** An incident's level: what there is to tell. */
export interface IncidentLevel {
  id: string;
  condition: "firing" | "normal";
  state: IncidentState;
  severity: AlertSeverity;
  /** Counted up whenever there is something new to tell. */
  telling: number;
  firedAt: number;
  acknowledgedAt: number | null;
  alerts: readonly RoutedAlert[];
}

/** A channel's level: what it was last told of an incident. */
export interface Thread {
  incidentId: string;
  channelId: string;
  told: "firing" | "resolved";
  telling: number;
  severity: AlertSeverity;
  toldAt: number;
  acknowledgedAt: number | null;
  /** Whether any message about this fire has, or may have, got there. */
  reached: boolean;
}

export interface ToldChannel {
  id: string;
  enabled: boolean;
  acknowledge: boolean;
  /** Its own state lapses unless it is told anew so often. */
  refreshMs: number | null;
}

export interface Telling {
  incidentId: string;
  channelId: string;
  /** `withdrawn`: it is over before anybody was told of it. */
  kind: Exclude<DeliveryKind, "test"> | "withdrawn";
}

/**
 * Which channels are to be told what now: what each was last told compared with how each incident stands. Whoever is
 * killed before a telling is kept finds the same difference again.
 */
export function dueTellings(
  incidents: readonly IncidentLevel[],
  threads: readonly Thread[],
  given: { routes: readonly Route[]; channels: readonly ToldChannel[]; now: number },
): Telling[] {
  const threadOf = new Map(threads.map((thread) => [`${thread.incidentId} ${thread.channelId}`, thread]));
  const enabled = given.channels.filter((channel) => channel.enabled);
  return incidents.flatMap((incident) => {
    const over = incident.condition === "normal" || incident.state === "closed";
    const paces = over ? null : pacesOf(incident, given.routes, enabled);
    return enabled.flatMap((channel): Telling[] => {
      const thread = threadOf.get(`${incident.id} ${channel.id}`) ?? null;
      const kind = paces
        ? dueOfFiring(incident, thread, channel, paces.get(channel.id) ?? null, given.now)
        : dueOfOver(thread);
      return kind ? [{ incidentId: incident.id, channelId: channel.id, kind }] : [];
    });
  });
}

/** A resolve goes to whoever was told of the fire, whatever routes and silences say by now. */
function dueOfOver(thread: Thread | null): Telling["kind"] | null {
  if (thread?.told !== "firing") return null;
  return thread.reached ? "resolved" : "withdrawn";
}

/** A pause that began in the future, because the clock was put back, is over: who is told late is told too late. */
function dueOfFiring(
  incident: IncidentLevel,
  thread: Thread | null,
  channel: ToldChannel,
  route: Route | null,
  now: number,
): Telling["kind"] | null {
  const told = thread?.told === "firing" ? thread : null;
  if (
    told &&
    channel.acknowledge &&
    incident.state === "acknowledged" &&
    incident.acknowledgedAt !== null &&
    incident.acknowledgedAt !== told.acknowledgedAt
  )
    return "acknowledged";
  const isOver = (since: number, ms: number) => since > now || now >= since + ms;
  const refreshes = told && channel.refreshMs !== null && isOver(told.toldAt, channel.refreshMs);
  // Somebody has it, or it is hushed or routed elsewhere by now: nothing new, but a state that was handed over is kept up.
  if (incident.state !== "open" || !route) return refreshes ? "refreshed" : null;
  const kept = channel.refreshMs !== null;
  const wait = kept ? 0 : route.groupWaitMs;
  const interval = kept ? 0 : route.groupIntervalMs;
  if (!told) {
    if (!isOver(incident.firedAt, wait) || (thread && !isOver(thread.toldAt, interval))) return null;
    return thread ? "refired" : "fired";
  }
  if (kept && incident.severity !== told.severity) return "changed";
  if (incident.telling > told.telling) {
    // What becomes graver does not wait for company.
    if (severityRank(incident.severity) > severityRank(told.severity)) return "rose";
    if (isOver(told.toldAt, interval)) return "changed";
  }
  if (refreshes) return "refreshed";
  const repeats =
    !kept && route.repeatMs !== null && told.toldAt <= now && isOver(told.toldAt, route.repeatMs);
  return repeats ? "repeated" : null;
}

/** The pace of each channel that an incident goes to, by the first route that leads there from an alert nobody hushed. */
function pacesOf(
  incident: IncidentLevel,
  routes: readonly Route[],
  channels: readonly { id: string }[],
): Map<string, Route> {
  const paces = new Map<string, Route>();
  for (const alert of incident.alerts)
    if (!alert.hushed)
      for (const route of routesOf(alert, routes))
        for (const id of route.channels ?? channels.map((channel) => channel.id))
          if (!paces.has(id)) paces.set(id, route);
  return paces;
}

/** The routes that an alert takes: the first that matches, and those behind it as long as each says to go on. */
export function routesOf(alert: Pick<RoutedAlert, "labels" | "severity">, routes: readonly Route[]): Route[] {
  const taken: Route[] = [];
  for (const route of routes) {
    if (!route.severities.includes(alert.severity) || !matches(route.matchers, alert.labels)) continue;
    taken.push(route);
    if (!route.goOn) break;
  }
  return taken;
}
