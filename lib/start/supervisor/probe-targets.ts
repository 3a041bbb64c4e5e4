import { connect } from "../../audit-db/connect.ts";
import type { TargetStatus } from "../../audit-db/target-facts.ts";
import type { Target } from "../../env/targets.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Asks every target once whether it can be watched. One line for the terminal each; none of them stops the start. */
export async function probeTargets(targets: Target[], timeoutMs = 5_000): Promise<string[]> {
  return Promise.all(
    targets.map(async (target) => {
      const status = await probe(target, timeoutMs);
      if (status.state === "up") return `target ${target.name}: reachable`;
      const reason = (status.reason ?? "it did not answer in time").replace(/\.$/, "");
      return (
        `target ${target.name}: CANNOT BE WATCHED NOW: ${reason}. ` +
        "The console starts without it, keeps trying and records the outage."
      );
    }),
  );
}

async function probe(target: Target, timeoutMs: number): Promise<TargetStatus> {
  const engine = connect({ target: target.name, urls: { watch: target.watchUrl }, logger: silent });
  try {
    return await new Promise<TargetStatus>((resolve) => {
      const timer = setTimeout(() => resolve(engine.status()), timeoutMs);
      const settle = (status: TargetStatus) => {
        if (status.state === "connecting") return;
        clearTimeout(timer);
        resolve(status);
      };
      engine.onStatus(settle);
      settle(engine.status());
    });
  } finally {
    await engine.close();
  }
}
