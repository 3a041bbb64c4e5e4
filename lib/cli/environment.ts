import path from "node:path";
import { type Env, parseEnv } from "../env/parse.ts";
import { inheritedEnv, replaceEnv } from "../env.ts";
import { type Runtime, readRuntime } from "../start/supervisor/runtime.ts";

export interface CliEnvironment {
  env: Env;
  /** The console that runs on this machine with this data folder; null when none does. */
  runtime: Runtime | null;
}

/**
 * The environment a command works with: what is set, completed by what the running console tells in its data
 * folder (its embedded databases among it). What is set always wins.
 * @throws EnvironmentError
 */
export function loadEnvironment(): CliEnvironment {
  const given = inheritedEnv();
  const parsed = parseEnv(given);
  const runtime = readRuntime(parsed.dataDir) ?? (given.DATA_DIR ? null : readRuntime(homeDataDir));
  if (!runtime) return { env: replaceEnv(given), runtime };
  const told: Record<string, string | undefined> = { ...runtime.environment };
  if (parsed.targets.length > 0) {
    for (const name of Object.keys(told)) if (name.startsWith("AUDIT_")) delete told[name];
    delete told.DEMO_TARGET;
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  return { env: replaceEnv({ ...told, ...set }), runtime };
}

/** The data folder of `npm start` in the product's own folder, wherever the command was called from. */
const homeDataDir = path.resolve(import.meta.dirname, "../../.data");
