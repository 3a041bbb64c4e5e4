import { randomBytes } from "node:crypto";
import type { Env } from "../../env/parse.ts";
import type { Target } from "../../env/targets.ts";
import { Refusal } from "../refusal.ts";

/** What the environment asks to run: everything embedded, only the console embedded, or nothing. */
export type Rung = "demo" | "watch" | "production";

/**
 * Reads the start-up ladder off the environment.
 * @throws Refusal (exit 2) when production lacks a target or a secret, with the command that makes one.
 */
export function chooseRung(env: Env): Rung {
  if (!env.CONSOLE_DATABASE_URL) return env.targets.length === 0 ? "demo" : "watch";
  const problems: string[] = [];
  if (env.targets.length === 0) {
    problems.push("there is nothing to watch: set AUDIT_DATABASE_URL (or AUDIT_DATABASES)");
  }
  if (!env.NEXTAUTH_SECRET) {
    problems.push("NEXTAUTH_SECRET is missing: make one with `openssl rand -base64 32`");
  }
  if (!env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY) {
    problems.push("NEXT_SERVER_ACTIONS_ENCRYPTION_KEY is missing: make one with `openssl rand -base64 32`");
  }
  if (env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY && !isKey(env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY)) {
    problems.push(
      "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY is not 32 bytes in base64: make one with `openssl rand -base64 32`",
    );
  }
  if (problems.length > 0) {
    throw new Refusal(
      `With CONSOLE_DATABASE_URL set the console runs in production, and ${problems.join("; and ")}. ` +
        "Keep each secret the same for every process and every restart, then start again.",
      2,
    );
  }
  return "production";
}

function isKey(text: string): boolean {
  return Buffer.from(text, "base64").length === 32;
}

/** A fresh secret: 32 random bytes in base64. */
export function newSecret(): string {
  return randomBytes(32).toString("base64");
}

/** Purposes that a target may have besides watching; off on the second rung, which only reads. */
const changing = ["writerUrl", "maintenanceUrl", "privacyUrl"] as const;

/** Targets as the second rung may have them, and the variables that were left out. */
export function readOnlyTargets(targets: Target[]): { targets: Target[]; leftOut: boolean } {
  let leftOut = false;
  const reduced = targets.map((target) => {
    const copy = { ...target };
    for (const purpose of changing) {
      if (copy[purpose]) leftOut = true;
      delete copy[purpose];
    }
    return copy;
  });
  return { targets: reduced, leftOut };
}

/** Targets in the form AUDIT_DATABASES takes them. */
export function toAuditDatabases(targets: Target[]): string {
  return JSON.stringify(
    Object.fromEntries(
      targets.map((t) => [
        t.name,
        {
          database_url: t.watchUrl,
          replica_urls: t.replicaUrls,
          pooler_url: t.poolerUrl,
          reader_url: t.readerUrl,
          writer_url: t.writerUrl,
          maintenance_url: t.maintenanceUrl,
          privacy_url: t.privacyUrl,
          explain_url: t.explainUrl,
          disk_capacity_bytes: t.diskCapacityBytes,
          time_zone: t.timeZone,
        },
      ]),
    ),
  );
}
