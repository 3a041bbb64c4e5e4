import type { DraftMatcher } from "@/components/silences/silence-draft.ts";
import { matchersOf } from "@/components/silences/silence-draft.ts";
import type { AdminInput } from "@/lib/admin.ts";
import type { AlertSeverity } from "@/lib/alerting/alert.ts";
import type { StoredRoute } from "@/lib/channels/routes.ts";

/** A route while it is written. */
export interface RouteDraft {
  name: string;
  matchers: readonly DraftMatcher[];
  severities: readonly AlertSeverity[];
  /** Null: every channel. */
  channels: readonly string[] | null;
  wait: string;
  interval: string;
  repeat: string;
  goOn: boolean;
}

export const waits = [
  ["0", "at once"],
  ["30", "after 30 s"],
  ["60", "after a minute"],
  ["300", "after 5 min"],
] as const;
export const intervals = [
  ["60", "each minute"],
  ["300", "each 5 min"],
  ["900", "each 15 min"],
  ["3600", "each hour"],
] as const;
export const repeats = [
  ["none", "told once"],
  ["3600", "each hour"],
  ["14400", "each 4 h"],
  ["86400", "each day"],
] as const;

export function draftOf(route: StoredRoute | null): RouteDraft {
  const { matchers = [], severities = ["warning", "critical"] as const, channels = [] } = route ?? {};
  return {
    name: route?.name ?? "",
    matchers: matchers.map((matcher, key) => ({ ...matcher, key })),
    severities,
    channels,
    wait: String(route?.groupWaitSeconds ?? 30),
    interval: String(route?.groupIntervalSeconds ?? 300),
    repeat: route?.repeatSeconds === null ? "none" : String(route?.repeatSeconds ?? 14_400),
    goOn: route?.goOn ?? false,
  };
}

export function routeOf(draft: RouteDraft, routeId: string | undefined): AdminInput<"setRoute"> {
  return {
    ...(routeId && { routeId }),
    name: draft.name.trim(),
    matchers: matchersOf(draft.matchers),
    severities: [...draft.severities],
    channels: draft.channels && [...draft.channels],
    groupWaitSeconds: Number(draft.wait),
    groupIntervalSeconds: Number(draft.interval),
    repeatSeconds: draft.repeat === "none" ? null : Number(draft.repeat),
    goOn: draft.goOn,
  };
}
