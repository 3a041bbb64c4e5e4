import { openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { Target } from "../env/targets.ts";
import { toAppError } from "../errors.ts";
import { askRedis } from "./ask-redis.ts";
import type { ConfiguredFeatures } from "./types.ts";

/** What the configuration adds to a target; asks a configured Redis what it is (at most 1 s). */
export async function getConfiguredFeatures(
  target: Pick<Target, "poolerUrl"> | undefined,
  redisUrl: string | undefined,
  masterKeyFile: string | undefined,
): Promise<ConfiguredFeatures> {
  return {
    poolerUrl: target?.poolerUrl !== undefined,
    redis: redisUrl === undefined ? null : await askRedis(redisUrl),
    vaultProblem: await findVaultProblem(masterKeyFile),
  };
}

async function findVaultProblem(file: string | undefined): Promise<string | null> {
  if (!file) return "MASTER_KEY_FILE is not set";
  try {
    await openMasterKeyFile(file).activeId();
    return null;
  } catch (thrown) {
    return toAppError(thrown).message;
  }
}
