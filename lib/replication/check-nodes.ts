import type { NodeState, NodeStatus } from "../audit-db/replicas/types.ts";
import { type Check, type CheckAnswer, type CheckContext, defineCheck, type ObjectState } from "../check.ts";
import { probedNodes } from "./probed-nodes.ts";

/** Judged from the console's own probes, so they go on while the primary is down. */
const common = {
  unit: null,
  path: "replication",
  needs: "Replicas configured in AUDIT_REPLICA_URLS, or several hosts in one URL.",
  thresholds: null,
  whileDown: true,
} as const satisfies Partial<Check>;

/** What else could be said of a server that is out of place or gone. */
const rest = [
  "replication.receiver",
  "replication.lag_bytes",
  "replication.lag_seconds",
  "replication.drained",
];

export const splitBrain = defineCheck({
  ...common,
  id: "replication.split_brain",
  source: "pg_is_in_recovery() of every server",
  why: "Two servers that take writes part from each other with each of them: critical at once. It stays for ten minutes, so that a fight over addresses is one alert.",
  keepFiringFor: 600,
  title: "Two primaries",
  runbook:
    "A server is read-write that is not the primary. The console writes nothing there; what others write to it exists nowhere else. Fence it first: stop it, or cut its clients off. Keep its data for comparison, then make it a standby again with pg_rewind or a new copy.",
  covers: rest,
  evaluate: (context) => judgeNodes(context, nodeConditions.splitBrain),
});

export const foreignServer = defineCheck({
  ...common,
  id: "replication.foreign_server",
  source: "pg_control_system() of every server",
  why: "An identifier's fact: it is so or not.",
  keepFiringFor: 60,
  title: "Server of another cluster",
  runbook:
    "A configured replica has another system identifier than the primary: the address leads to another cluster, or the server was made anew with initdb. It is not used. Correct AUDIT_REPLICA_URLS.",
  covers: rest,
  evaluate: (context) => judgeNodes(context, nodeConditions.foreign),
});

export const replicaDown = defineCheck({
  ...common,
  id: "replication.replica_down",
  source: "the engine's own connections",
  why: "Reads go elsewhere within a second, so there is time: a replica that restarts within a minute is no alert.",
  for: 60,
  keepFiringFor: 120,
  title: "Replica down",
  runbook:
    "Reads go to the other servers, and there is one copy less to fail over to. See its log and its disk; start it, or take it out of AUDIT_REPLICA_URLS. A slot kept for it holds WAL on the primary meanwhile.",
  covers: rest,
  evaluate: (context) => judgeNodes(context, nodeConditions.down),
});

export const drainedReplica = defineCheck({
  ...common,
  id: "replication.drained",
  source: "the console's own choice",
  why: "Somebody's choice; it is shown so that it is not forgotten.",
  title: "Replica without reads",
  runbook:
    "The console sends no reads to a replica that is too far behind or failed a probe lately. The others answer meanwhile; it gets reads again by itself once it keeps up. See its lag and what holds replay back.",
  evaluate: (context) => judgeNodes(context, nodeConditions.drained),
});

async function judgeNodes({ audit }: CheckContext, condition: NodeCondition): Promise<CheckAnswer> {
  // The primary's own outage is told as the target's.
  const replicas = (await probedNodes(audit)).filter(({ role }, i) => i > 0 && role !== "primary");
  const probed = replicas.filter(({ state }) => state !== "connecting");
  return {
    objects: probed.map((node) => judgeNode(condition, node)),
    complete: probed.length === replicas.length,
  };
}

interface NodeCondition {
  when: NodeState;
  state: "warning" | "critical";
  fine: string;
  title(node: NodeStatus): string;
  detail(node: NodeStatus): string;
}

export const nodeConditions = {
  splitBrain: {
    when: "stale",
    state: "critical",
    fine: "is not read-write",
    title: ({ name }) => `${name} is read-write but is not the primary.`,
    detail: ({ reason }) =>
      `Nothing is written there by this console: ${reason}. What others write to it exists nowhere else. Stop it, keep its data for comparison, and make it a standby again (pg_rewind or a new copy).`,
  },
  foreign: {
    when: "foreign",
    state: "critical",
    fine: "is of this cluster",
    title: ({ name }) => `${name} belongs to another cluster and is not used.`,
    detail: () => "Its system identifier differs from the primary's. Correct AUDIT_REPLICA_URLS.",
  },
  down: {
    when: "down",
    state: "critical",
    fine: "answers",
    title: ({ name, reason }) => `Replica ${name} is down: ${reason ?? "it does not answer"}.`,
    detail: () =>
      "Reads go to the other servers, and there is one copy less to fail over to. Start it, or take it out of AUDIT_REPLICA_URLS.",
  },
  drained: {
    when: "drained",
    state: "warning",
    fine: "gets reads",
    title: ({ name, reason }) => `No reads are sent to replica ${name}: ${reason ?? "it is not fit"}.`,
    detail: () => "The other servers answer meanwhile; it gets reads again by itself once it keeps up.",
  },
} satisfies Record<string, NodeCondition>;

export function judgeNode(condition: NodeCondition, node: NodeStatus): ObjectState {
  const { when, state, fine, title, detail } = condition;
  const bad = node.state === when;
  return {
    object: { kind: "standby", name: node.name },
    state: bad ? state : "ok",
    value: null,
    threshold: null,
    since: bad ? node.since : null,
    words: bad
      ? { title: title(node), detail: detail(node) }
      : { title: `Replica ${node.name} ${fine}.`, detail: "Nothing needs doing." },
  };
}
