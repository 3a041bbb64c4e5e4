import { Gauge, type Registry } from "prom-client";
import type { CheckBoard } from "../../check-board/types.ts";
import { rankOf, statesByRank } from "../../check-board/worst-state.ts";

/** How every check stands on every target, from what the evaluator stored. An object is no label: there is no end of them. */
export function addCheckMetrics(registry: Registry, { standings }: CheckBoard): void {
  const state = new Gauge({
    name: "audit_db_check_state",
    help: `How a check stands: ${statesByRank.map((name, rank) => `${rank} ${name}`).join(", ")}`,
    labelNames: ["target", "check"],
    registers: [registry],
  });
  const objects = new Gauge({
    name: "audit_db_check_objects",
    help: "Objects of a check by the state they were last seen in",
    labelNames: ["target", "check", "state"],
    registers: [registry],
  });
  const evaluated = new Gauge({
    name: "audit_db_check_evaluated_timestamp_seconds",
    help: "When a check was last evaluated",
    labelNames: ["target", "check"],
    registers: [registry],
  });
  for (const standing of standings) {
    const { target, check, counts, evaluatedAt } = standing;
    state.set({ target, check }, rankOf(standing.state));
    if (evaluatedAt === null) continue;
    evaluated.set({ target, check }, evaluatedAt.getTime() / 1_000);
    // Zeros too: an alert on a count that vanishes would never end.
    for (const each of statesByRank) objects.set({ target, check, state: each }, counts[each] ?? 0);
  }
}
