import {
  type Check,
  type CheckAnswer,
  type CheckContext,
  defineCheck,
  type LimitsFor,
  type ObjectState,
  stateAt,
} from "../check.ts";
import type { Unavailable } from "../result.ts";
import { counted, durationInWords } from "../words.ts";
import { type JudgedServers, readServers } from "./judged-servers.ts";
import { replicationThresholds } from "./thresholds.ts";
import type { ReplicationServer } from "./types.ts";

const common = {
  path: "replication",
  runbook:
    "Reads from the standby are old, and a fail-over to it would lose what it has not received. Look at its disk and network, and for a long query on it that holds replay back (max_standby_streaming_delay). A bulk load on the primary causes it for a while; wal_compression and a faster disk help for good.",
  needs: "A standby, and pg_monitor to see how far it is.",
} as const satisfies Partial<Check>;

/** WAL of the primary that a standby has not replayed. */
export const lagBytes = defineCheck({
  ...common,
  id: "replication.lag_bytes",
  source: "pg_stat_replication, pg_last_wal_receive_lsn()",
  why: "100 MB are seconds of bulk load on a usual network, 1 GB is a standby that does not keep up. It must hold for a minute, because each bulk load causes a peak.",
  for: 60,
  keepFiringFor: 120,
  cause: "replication.lag",
  title: "Standby lag in bytes",
  unit: "bytes",
  thresholds: { ...replicationThresholds.lagBytes, direction: "rising" },
  covers: ["replication.lag_seconds", "replication.drained"],
  evaluate: (context, limitsFor) => judgeServers(context, limitsFor, "lagBytes"),
});

/** The same as time. */
export const lagSeconds = defineCheck({
  ...common,
  id: "replication.lag_seconds",
  source: "pg_stat_replication, pg_last_xact_replay_timestamp()",
  why: "Readers notice half a minute; five minutes are what a fail-over may lose at most. It must hold for a minute.",
  for: 60,
  keepFiringFor: 120,
  cause: "replication.lag",
  title: "Standby lag in time",
  unit: "seconds",
  thresholds: { ...replicationThresholds.lagSeconds, direction: "rising" },
  covers: ["replication.drained"],
  evaluate: (context, limitsFor) => judgeServers(context, limitsFor, "lagSeconds"),
});

type Figure = "lagBytes" | "lagSeconds";

async function judgeServers(
  context: CheckContext,
  limitsFor: LimitsFor,
  figure: Figure,
): Promise<CheckAnswer> {
  const { servers, complete, unavailable } = await readServers(context);
  const standbys = servers.filter(({ role }) => role === "standby");
  const known = standbys.filter((server) => server[figure] !== null);
  const objects = known.map((server) => judgeLag(server, figure, limitsFor));
  return {
    objects: unavailable ? [...objects, hiddenLag(servers, unavailable)] : objects,
    complete: complete && known.length === standbys.length && !unavailable,
  };
}

export function judgeLag(server: ReplicationServer, figure: Figure, limitsFor: LimitsFor): ObjectState {
  const object = { kind: "standby", name: server.key } as const;
  const value = server[figure] ?? 0;
  const threshold = limitsFor(object);
  return {
    object,
    state: stateAt(value, threshold),
    value,
    threshold,
    since: null,
    words: {
      title: `Standby ${server.name} is ${lagText(server)} behind.`,
      detail:
        "Reads from it are old, and a fail-over to it would lose what it has not received. Look at its disk and network, and for a long query on it that holds replay back.",
    },
  };
}

function hiddenLag(servers: JudgedServers["servers"], unavailable: Unavailable): ObjectState {
  const fed = servers.filter(({ standby }) => standby !== null).length;
  return {
    object: { kind: "target" },
    state: "unavailable",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: `${counted(fed, "standby", "standbys")} connected, but the lag may not be seen.`,
      detail: unavailable.reason,
    },
    path: "settings/targets",
    unavailable,
  };
}

function lagText({ lagBytes, lagSeconds }: Pick<ReplicationServer, Figure>): string {
  const parts = [
    lagBytes === null ? null : `${(lagBytes / 1e6).toFixed(lagBytes < 1e7 ? 1 : 0)} MB`,
    lagSeconds === null ? null : durationInWords(lagSeconds),
  ];
  return parts.filter((part) => part !== null).join(" and ");
}
