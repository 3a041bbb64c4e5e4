import { type Env, parseEnv } from "./env/parse.ts";

const cache = globalThis as typeof globalThis & {
  auditDashboardEnv?: Env;
  auditDashboardEnvSource?: Record<string, string | undefined>;
};

/** This process's environment, parsed once. */
export function env(): Env {
  cache.auditDashboardEnv ??= parseEnv(process.env);
  return cache.auditDashboardEnv;
}

/**
 * Puts these values in the place of the process's own, for programs that complete it first.
 * @throws EnvironmentError
 */
export function replaceEnv(source: Record<string, string | undefined>): Env {
  cache.auditDashboardEnv = parseEnv(source);
  cache.auditDashboardEnvSource = source;
  return cache.auditDashboardEnv;
}

/** What `env()` was made of, for a child that works with the same settings. */
export function settingsForChild(): Record<string, string | undefined> {
  return { ...process.env, ...cache.auditDashboardEnvSource };
}

/** This process's environment as given, for children to inherit. */
export function inheritedEnv(): Record<string, string | undefined> {
  return { ...process.env };
}

/** Whether the development server runs this code, which needs a looser content security policy. */
export function inDevelopment(): boolean {
  return process.env.NODE_ENV === "development";
}
