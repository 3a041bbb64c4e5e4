/** Whether a node is trusted, and how many probes in a row have said otherwise. */
export interface Fitness {
  fit: boolean;
  /** False until the first probe: that one decides alone. */
  known: boolean;
  against: number;
}

export interface HysteresisLimits {
  /** Bad probes in a row that drain a node. */
  drainAfter: number;
  /** Good probes in a row that bring it back. */
  backAfter: number;
}

export const unknownFitness: Fitness = { fit: false, known: false, against: 0 };

/** Changes its mind only after several probes in a row have said the same, so that a flapping node does not flap us. */
export function judgeProbe(before: Fitness, good: boolean, limits: HysteresisLimits): Fitness {
  if (!before.known) return { fit: good, known: true, against: 0 };
  if (good === before.fit) return { ...before, against: 0 };
  const against = before.against + 1;
  const needed = before.fit ? limits.drainAfter : limits.backAfter;
  return against >= needed ? { fit: good, known: true, against: 0 } : { ...before, against };
}
