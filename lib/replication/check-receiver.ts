import { defineCheck, type ObjectState } from "../check.ts";
import { durationInWords } from "../words.ts";
import { readServers } from "./judged-servers.ts";
import type { Receiver, ReplicationServer } from "./types.ts";

/** A standby that receives nothing, however little it had left to replay. */
export const receiver = defineCheck({
  id: "replication.receiver",
  source: "pg_stat_wal_receiver",
  why: "A receiver reconnects within wal_retrieve_retry_interval (5 s); a minute without one is no reconnect.",
  for: 60,
  keepFiringFor: 120,
  title: "WAL receiver",
  unit: "seconds",
  path: "replication",
  runbook:
    "No WAL receiver runs on the standby, so it falls behind from now on. Check primary_conninfo, its password and pg_hba.conf on the primary, the slot it names, and that the primary is up; the standby's log says what it tried. A standby fed from an archive only has no receiver and is always shown so.",
  needs: "A standby the console is connected to.",
  thresholds: null,
  covers: ["replication.lag_bytes", "replication.lag_seconds", "replication.drained"],
  async evaluate(context) {
    const { servers, complete } = await readServers(context);
    return { objects: servers.flatMap((server) => judgeReceiver(server) ?? []), complete };
  },
});

export function judgeReceiver({ key, node, receiver, role }: ReplicationServer): ObjectState | null {
  if (role !== "standby" || !receiver) return null;
  const { connected, lagSeconds, lastReplayedAt } = receiver;
  return {
    object: { kind: "standby", name: key },
    state: connected ? "ok" : "critical",
    value: lagSeconds,
    threshold: null,
    since: connected ? null : lastReplayedAt,
    words: connected
      ? { title: `Standby ${node?.name ?? key} receives WAL.`, detail: "Nothing needs doing." }
      : tellCutOff(node?.name ?? key, receiver),
  };
}

function tellCutOff(name: string, { lagSeconds }: Receiver): ObjectState["words"] {
  return {
    title: `Standby ${name} receives nothing from its primary.`,
    detail: `No WAL receiver runs, so it falls behind from now on${lagSeconds === null ? "" : `; its newest transaction is ${durationInWords(lagSeconds)} old`}. Check primary_conninfo and that the primary is up (a standby fed from an archive only has no receiver and is always shown so).`,
  };
}
