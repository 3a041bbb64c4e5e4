import { envSchema } from "../../env/schema.ts";
import type { Environment } from "./environment.ts";

export type ChildName = "web" | "worker" | "demo";

/**
 * Secrets that not every process needs, with what is malformed without them, and those that read them. Targets' and
 * the console's URLs are for all.
 */
const readersOf: Record<string, readonly ChildName[]> = {
  // The supervisor makes the first administrator before it starts anything.
  ADMIN_PASSWORD: [],
  NEXTAUTH_SECRET: ["web"],
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: ["web"],
  OIDC_ISSUER: ["web"],
  OIDC_CLIENT_ID: ["web"],
  OIDC_CLIENT_SECRET: ["web"],
  METRICS_TOKEN: ["web"],
  // Pages say whether there is one.
  SMTP_URL: ["web", "worker"],
  ALERT_PING_URL: ["web", "worker"],
};

/** What `runtime.json` tells the command line on this machine, and why. Whatever is not named here stays out of the file. */
const toldInRuntime: Record<string, string> = {
  AUDIT_DATABASES: "commands connect to the targets, the demo's with generated passwords",
  CONSOLE_DATABASE_URL: "people, tokens, activity and people's keys stand in the embedded console database",
  DATA_DIR: "the embedded installation's own files",
  DEMO_TARGET: "a target that is the demo is called so",
  MASTER_KEY_FILE:
    "the path of the keys that `vault`, `events import` and `events search` open people's keys with",
  MASTER_KEY_ROTATION_DAYS: "`vault status` says when the next rotation is due",
  REDIS_URL: "`cache` shows and drops what processes share",
};

/** A child's environment without the secrets that are other processes'. */
export function environmentOf(child: ChildName, environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => readersOf[name]?.includes(child) ?? true),
  );
}

/** What `runtime.json` keeps of the children's environment. */
export function runtimeEnvironment(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => Object.hasOwn(toldInRuntime, entry[0]) && Boolean(entry[1]),
    ),
  );
}

/** An environment without the product's variables, for programs that are given what they need by name. */
export function withoutProduct(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !(name in envSchema.shape)));
}
