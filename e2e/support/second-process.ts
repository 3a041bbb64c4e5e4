import { openRedisCache } from "../../lib/audit-db/cache/redis/redis-cache.ts";
import { connect } from "../../lib/audit-db/connect.ts";
import type { AuditDb } from "../../lib/audit-db/types.ts";
import manifest from "../../package.json" with { type: "json" };
import { targets, world } from "./world.ts";

export interface SecondProcess {
  engine: AuditDb;
  close(): Promise<void>;
}

/** An engine as another process of the console has it: same target, same eyes, its own memory, the same Redis. */
export async function openSecondProcess(): Promise<SecondProcess> {
  const { watchUrl, redisUrl } = world();
  // A busy machine is no outage here.
  const shared = openRedisCache(redisUrl, { softTimeoutMs: 5_000 });
  const engine = connect({
    target: targets.audit,
    urls: { watch: watchUrl },
    version: manifest.version,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    sharedCache: shared,
  });
  const until = Date.now() + 10_000;
  while (shared.stampOf(targets.audit, []) === undefined) {
    if (Date.now() > until) throw new Error("Redis does not answer");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    engine,
    async close() {
      await engine.close();
      await shared.close();
    },
  };
}
