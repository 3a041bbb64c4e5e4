import type { State } from "@/components/ui/state-badge.tsx";
import { formatSeconds } from "@/lib/client/format.ts";
import type { ReplicationServer } from "@/lib/replication/types.ts";

export interface ServerWords {
  state: State;
  word: string;
  /** What it means and since when it counts; null while all is well. */
  why: string | null;
  since: Date | null;
}

/** Lag from which a standby that nobody drains is called behind. */
const behindSeconds = 30;

/** How a server is, in a word and a sentence. */
export function describeServer(server: ReplicationServer): ServerWords {
  const { node } = server;
  const since = node?.since ?? null;
  const told = (state: State, word: string, why: string | null = null): ServerWords => ({
    state,
    word,
    why,
    since: why === null ? null : since,
  });
  if (node?.state === "connecting") return told("notice", "connecting");
  if (node?.state === "foreign")
    return told("critical", "other cluster", "Its system identifier differs, so it is not used");
  if (node?.state === "stale") return told("critical", "two primaries", `Writes are refused: ${node.reason}`);
  if (node?.state === "down")
    return server.role === "primary"
      ? told("critical", "down", `${sentence(node.reason)}. Writes wait for a new primary`)
      : told("critical", "down", `${sentence(node.reason)}. Reads go to the others`);
  if (server.role !== "standby") return told("ok", "up");
  if (node?.state === "drained")
    return told("warning", "drained", `No reads are sent to it: ${node.reason ?? "it is not fit"}`);
  return { ...describeStream(server), since: null };
}

function describeStream({ standby, receiver, lagSeconds }: ReplicationServer): Omit<ServerWords, "since"> {
  if (!standby) {
    if (receiver && !receiver.connected)
      return {
        state: "critical",
        word: "not receiving",
        why: "No WAL receiver runs there, so it falls behind from now on",
      };
    if (receiver)
      return { state: "ok", word: receiver.status ?? "receiving", why: fromElsewhere(receiver.senderHost) };
    return { state: "unknown", word: "not asked", why: "It could not be asked who feeds it" };
  }
  if (standby.state === null)
    return { state: "unknown", word: "state hidden", why: "GRANT pg_monitor to the watching role to see it" };
  if (standby.slotType === "logical")
    return { state: "ok", word: "subscriber", why: "It takes changes by logical decoding, not a copy" };
  if (standby.state === "backup") return { state: "notice", word: "base backup", why: null };
  if (standby.state !== "streaming") return { state: "notice", word: "catching up", why: null };
  if ((lagSeconds ?? 0) >= behindSeconds)
    return { state: "warning", word: "behind", why: `What it shows is ${formatSeconds(lagSeconds)} old` };
  return { state: "ok", word: "streaming", why: null };
}

function fromElsewhere(host: string | null): string {
  return host ? `Fed by ${host}, which is not asked here` : "Fed by a server that is not asked here";
}

function sentence(reason: string | null): string {
  const words = reason ?? "it does not answer";
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export interface TopologyWords {
  state: State;
  title: string;
}

/** The whole in one sentence: is there a second copy, and how old is it. */
export function describeTopology(servers: readonly ReplicationServer[]): TopologyWords {
  const split = servers.find(({ node }) => node?.state === "stale");
  if (split) return { state: "critical", title: `${split.key} takes writes beside the primary.` };
  const standbys = servers.filter(
    ({ role, standby }) => role === "standby" && standby?.slotType !== "logical",
  );
  const own = servers[0];
  if (own?.role === "standby" && own.upstream === null && servers.length === 1)
    return {
      state: describeServer(own).state,
      title: `This is a standby, ${formatSeconds(own.lagSeconds)} behind the server that feeds it.`,
    };
  if (standbys.length === 0)
    return { state: "notice", title: "No standby is connected. There is no second copy." };
  const fed = standbys.filter(({ node, standby, receiver }) =>
    node?.state === "down" ? false : standby !== null || receiver?.connected === true,
  );
  const copies = `${fed.length} of ${standbys.length} ${standbys.length === 1 ? "standby" : "standbys"} connected`;
  if (fed.length === 0) return { state: "critical", title: `${copies}: there is no copy that keeps up.` };
  const farthest = fed.reduce((a, b) => ((b.lagSeconds ?? -1) > (a.lagSeconds ?? -1) ? b : a));
  const worst = standbys.map((each) => describeServer(each).state);
  const state = (["critical", "warning", "unknown"] as const).find((each) => worst.includes(each)) ?? "ok";
  const age =
    farthest.lagSeconds === null
      ? "how far they are behind is not known."
      : farthest.lagSeconds < 1
        ? "none is more than a second behind."
        : `the farthest, ${farthest.name}, is ${formatSeconds(farthest.lagSeconds)} behind.`;
  return { state, title: `${copies}; ${age}` };
}
