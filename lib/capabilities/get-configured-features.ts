import { askRedis } from "../answers/ask-redis.ts";
import type { ConfiguredFeatures } from "../capability-facts.ts";
import type { Target } from "../env/targets.ts";
import { findMasterKeys } from "../key-store/open-master-keys.ts";
import { findVaultProblem } from "../privacy/keys/find-vault-problem.ts";

/** What the configuration adds to a target; asks a configured Redis what it is (at most 1 s). */
export async function getConfiguredFeatures(
  target: Pick<Target, "poolerUrl"> | undefined,
  redisUrl: string | undefined,
  masterKeyFile: string | undefined,
): Promise<ConfiguredFeatures> {
  return {
    poolerUrl: target?.poolerUrl !== undefined,
    redis: redisUrl === undefined ? null : await askRedis(redisUrl),
    vaultProblem: await findVaultProblem(findMasterKeys({ MASTER_KEY_FILE: masterKeyFile })),
  };
}
