import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { Refusal } from "../refusal.ts";
import { newSecret } from "./rung.ts";

const clusterSecrets = z.object({ superuserPassword: z.string(), port: z.number().int().optional() });
const secretsSchema = z.object({
  sessionSecret: z.string(),
  serverActionsKey: z.string(),
  clusters: z.object({ audit: clusterSecrets, console: clusterSecrets }),
  /** Passwords of the login roles in the embedded clusters. */
  roles: z.record(z.string(), z.string()),
});

export type Secrets = z.infer<typeof secretsSchema>;
export type ClusterName = keyof Secrets["clusters"];

/** A password that needs no escaping in a URL or in SQL. */
function newPassword(): string {
  return randomBytes(24).toString("base64url");
}

/**
 * The secrets of an embedded installation, made on first use.
 * @throws Refusal when the file is damaged: making new secrets would lock the clusters out.
 */
export function loadSecrets(dataDir: string): Secrets {
  const file = secretsFile(dataDir);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    const fresh: Secrets = {
      sessionSecret: newSecret(),
      serverActionsKey: newSecret(),
      clusters: {
        audit: { superuserPassword: newPassword() },
        console: { superuserPassword: newPassword() },
      },
      roles: {},
    };
    saveSecrets(dataDir, fresh);
    return fresh;
  }
  const parsed = secretsSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Refusal(
    `${file} is damaged, and the embedded databases beside it only open with the passwords in it. ` +
      "Restore that file from a backup, or move the whole folder away to begin anew.",
  );
}

/** Replaces the file in one step, readable by its owner alone. */
export function saveSecrets(dataDir: string, secrets: Secrets): void {
  writePrivateFile(secretsFile(dataDir), JSON.stringify(secrets, null, 2));
}

/** The password of a login role, made on first use. */
export function rolePassword(dataDir: string, secrets: Secrets, role: string): string {
  const known = secrets.roles[role];
  if (known) return known;
  const password = newPassword();
  secrets.roles[role] = password;
  saveSecrets(dataDir, secrets);
  return password;
}

/** Writes a file for its owner alone, never seen half-written. */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${text}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** Where an embedded installation keeps its master keys. */
export function generatedMasterKeyFile(dataDir: string): string {
  return path.join(dataDir, "master-keys.json");
}

function secretsFile(dataDir: string): string {
  return path.join(dataDir, "secrets.json");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
