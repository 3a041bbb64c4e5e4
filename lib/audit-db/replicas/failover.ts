/** A node as its last answered probe described it. */
export interface Candidate {
  name: string;
  inRecovery: boolean;
  systemId: string;
  timeline: number;
}

/** What earlier probes have taught. */
export interface Known {
  primary: string | null;
  systemId: string | null;
  /** The highest timeline seen on any node of the cluster. */
  timeline: number;
}

export interface Verdict extends Known {
  /** Whether `primary` answers, read-write, on the newest timeline. */
  writable: boolean;
  /** Read-write, but not the primary: another node is, or a newer timeline has been seen. */
  stale: string[];
  /** Servers of another cluster. */
  foreign: string[];
}

/**
 * Which node is the primary. Promotion always begins a new timeline, so of several read-write nodes the one on
 * the highest is right; on equal ones the one known before stays, and where none is known nobody is written to.
 * A read-write node below the highest timeline seen, even on a standby, is an old primary that came back.
 * @param candidates nodes that answer, in configured order
 */
export function electPrimary(candidates: readonly Candidate[], known: Known): Verdict {
  const systemId =
    known.systemId ?? (candidates.find((node) => !node.inRecovery) ?? candidates[0])?.systemId ?? null;
  const ours = candidates.filter((node) => node.systemId === systemId);
  const foreign = candidates.filter((node) => node.systemId !== systemId).map((node) => node.name);
  const timeline = Math.max(known.timeline, ...ours.map((node) => node.timeline));
  const writers = ours.filter((node) => !node.inRecovery);
  const leaders = writers.filter((node) => node.timeline === timeline);
  const leader =
    leaders.find((node) => node.name === known.primary) ?? (leaders.length === 1 ? leaders[0] : undefined);
  return {
    primary: leader?.name ?? known.primary,
    systemId,
    timeline,
    writable: leader !== undefined,
    stale: writers.filter((node) => node !== leader).map((node) => node.name),
    foreign,
  };
}
