import path from "node:path";
import type { z } from "zod";
import { checkAddresses } from "./check-addresses.ts";
import { envSchema } from "./schema.ts";
import { parseTargets, type Target } from "./targets.ts";

export type Env = z.infer<typeof envSchema> & { targets: Target[]; dataDir: string };

/** The environment is malformed. `problems` has one line a variable, each saying what to do. */
export class EnvironmentError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`The environment is malformed:\n${problems.map((p) => `  ${p}`).join("\n")}`);
    this.name = "EnvironmentError";
    this.problems = problems;
  }
}

/**
 * Parses the environment; an empty string counts as unset.
 * @throws EnvironmentError naming every bad variable (never its value).
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = envSchema.safeParse(given);
  if (!parsed.success) {
    throw new EnvironmentError(
      parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
    );
  }
  const values = parsed.data;
  const problems: string[] = [];
  if (values.OIDC_ISSUER && !(values.OIDC_CLIENT_ID && values.OIDC_CLIENT_SECRET)) {
    problems.push("OIDC_ISSUER: needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET as well");
  }
  const targets = parseTargets(values, problems);
  if (problems.length === 0) checkAddresses(values, targets, given, problems);
  if (problems.length > 0) throw new EnvironmentError(problems);
  return { ...values, targets, dataDir: path.resolve(values.DATA_DIR) };
}
