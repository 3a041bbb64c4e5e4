import { Redis } from "ioredis";
import { openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { Target } from "../env.ts";
import { toAppError } from "../errors.ts";
import type { ConfiguredFeatures } from "./types.ts";

const redisTimeoutMs = 1_000;

/** What the configuration adds to a target; asks a configured Redis whether it answers (at most 1 s). */
export async function getConfiguredFeatures(
  target: Pick<Target, "replicaUrls" | "poolerUrl"> | undefined,
  redisUrl: string | undefined,
  masterKeyFile: string | undefined,
): Promise<ConfiguredFeatures> {
  return {
    replicaUrls: target?.replicaUrls.length ?? 0,
    poolerUrl: target?.poolerUrl !== undefined,
    redisUrl: redisUrl !== undefined,
    redisAnswers: redisUrl === undefined ? null : await answersPing(redisUrl),
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

async function answersPing(url: string): Promise<boolean> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: redisTimeoutMs,
    commandTimeout: redisTimeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  });
  // Without a listener a refused connection would end the process.
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === "PONG";
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
