import { defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { getServerConnections } from "./get-server-connections.ts";
import { connectionThresholds } from "./thresholds.ts";
import type { ConnectionLimits } from "./types.ts";

/** How near the server is to refusing connections. */
export const usedConnections = defineCheck({
  id: "connections.used",
  source: "pg_stat_activity, max_connections, superuser_reserved_connections, reserved_connections",
  why: "From 75 % on one more pool of the usual size fills the rest; at 90 % a deployment that doubles its processes for a minute is refused. It must hold for a minute, because pools that open all at once fall back by themselves.",
  for: 60,
  keepFiringFor: 120,
  title: "Connections used",
  unit: "ratio",
  path: "connections",
  runbook:
    "When the last usable connection is taken, new ones are refused, the application's and yours. See on Connections which application holds most and whether its sessions are idle; end what nobody needs with SELECT pg_terminate_backend(pid). For good, put a pooler in front or make the applications' pools smaller; max_connections takes a restart and memory.",
  needs: "Nothing beyond a connection.",
  thresholds: { ...connectionThresholds.used, direction: "rising" },
  async evaluate({ audit }, limitsFor) {
    const { data } = await getServerConnections(audit, { hideOwn: true });
    return { objects: [judgeLimits(data.limits, limitsFor({ kind: "target" }))], complete: true };
  },
});

export function judgeLimits(limits: ConnectionLimits, threshold: Limits): ObjectState {
  const percent = Math.round(limits.usedShare * 100);
  return {
    object: { kind: "target" },
    state: stateAt(limits.usedShare, threshold),
    value: limits.usedShare,
    threshold,
    since: null,
    words: {
      title: `${limits.used} of ${limits.usable} usable connections are taken (${percent} %).`,
      detail:
        `max_connections is ${limits.maxConnections}, less ${limits.maxConnections - limits.usable} reserved. ` +
        "When the last one is taken, new connections are refused. See which application holds most, and put a pooler in front or make its pool smaller.",
    },
  };
}
