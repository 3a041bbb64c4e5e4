import path from "node:path";
import type { Env } from "../../env/parse.ts";
import { inheritedEnv } from "../../env.ts";
import { withoutProduct } from "./disclosure.ts";
import type { Environment } from "./environment.ts";
import { type Rung, readOnlyTargets, toAuditDatabases } from "./rung.ts";
import { generatedMasterKeyFile, type Secrets } from "./secrets.ts";

export interface Embedded {
  secrets: Secrets;
  consoleUrl: string;
  /** The demo's target and its reader's URL, on the first rung. */
  targets: Env["targets"];
  demoTarget?: string;
}

/**
 * The environment of web, worker and demo: what was given, completed by what the embedded servers and the
 * generated secrets add. `disclosure.ts` says which of it each of them is given.
 */
export function childrenEnv(env: Env, rung: Rung, embedded: Embedded | null): Environment {
  const given = inheritedEnv();
  const common: Environment = {
    ...given,
    NEXT_TELEMETRY_DISABLED: "1",
    NEXTAUTH_URL: address(env),
    HOST: env.HOST,
    PORT: String(env.PORT),
    DATA_DIR: env.dataDir,
    // Embedded installations keep the terminal for people; production's log goes where its output goes.
    LOG_LEVEL: given.LOG_LEVEL || (rung === "production" ? env.LOG_LEVEL : "warn"),
    DEMO_TARGET: undefined,
    MASTER_KEY_FILE: env.MASTER_KEY_FILE && path.resolve(env.MASTER_KEY_FILE),
  };
  if (!embedded) return common;
  const targets = rung === "watch" ? readOnlyTargets(env.targets).targets : embedded.targets;
  return {
    ...common,
    ...Object.fromEntries(singleTargetNames.map((name) => [name, undefined])),
    AUDIT_DATABASES: toAuditDatabases(targets),
    CONSOLE_DATABASE_URL: embedded.consoleUrl,
    DEMO_TARGET: embedded.demoTarget,
    NEXTAUTH_SECRET: env.NEXTAUTH_SECRET ?? embedded.secrets.sessionSecret,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY:
      env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ?? embedded.secrets.serverActionsKey,
    MASTER_KEY_FILE: common.MASTER_KEY_FILE ?? generatedMasterKeyFile(env.dataDir),
  };
}

/**
 * V8 grows into garbage as long as it is given room: beside 70 MB of live heap it held 430 under 200 viewers, and kept
 * them. With less room for young objects and a nearer limit 670 MB of resident memory became 390.
 */
const heapFlags = "--max-semi-space-size=16 --max-old-space-size=1024";

/** The environment of a web process in production; what NODE_OPTIONS says already comes later, and so wins. */
export function webEnv(environment: Environment): Environment {
  const { NODE_OPTIONS } = environment;
  return { ...environment, NODE_OPTIONS: NODE_OPTIONS ? `${heapFlags} ${NODE_OPTIONS}` : heapFlags };
}

/** The environment of the build: of the product it knows the key that every web process has, and nothing else. */
export function buildEnv(env: Env, secrets: Secrets | null): Environment {
  return {
    ...withoutProduct(inheritedEnv()),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ?? secrets?.serverActionsKey,
  };
}

/** The address people use, as far as this machine can know it. */
export function address(env: Env): string {
  if (env.NEXTAUTH_URL) return env.NEXTAUTH_URL;
  const everywhere = env.HOST === "0.0.0.0" || env.HOST === "::";
  return `http://${everywhere ? "localhost" : bracket(env.HOST)}:${env.PORT}`;
}

/** Where this machine itself reaches the pages. */
export function localAddress(env: Env): string {
  if (env.HOST === "0.0.0.0") return `http://127.0.0.1:${env.PORT}`;
  if (env.HOST === "::") return `http://[::1]:${env.PORT}`;
  return `http://${bracket(env.HOST)}:${env.PORT}`;
}

function bracket(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

const singleTargetNames = [
  "AUDIT_DATABASE_URL",
  "AUDIT_REPLICA_URLS",
  "AUDIT_POOLER_URL",
  "AUDIT_READER_URL",
  "AUDIT_WRITER_URL",
  "AUDIT_MAINTENANCE_URL",
  "AUDIT_PRIVACY_URL",
  "AUDIT_EXPLAIN_URL",
  "AUDIT_DISK_CAPACITY_BYTES",
  "AUDIT_TIME_ZONE",
];
