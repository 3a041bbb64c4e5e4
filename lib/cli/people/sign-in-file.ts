import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { inheritedEnv } from "../../env.ts";
import { AppError } from "../../errors.ts";

const signInSchema = z.object({ sessionId: z.uuid(), email: z.string() });
export type SignIn = z.infer<typeof signInSchema>;

/** Where `audit-db login` keeps whom it signed in: `$XDG_CONFIG_HOME/audit-db/sign-in.json`. */
export function signInFile(): string {
  const config = inheritedEnv().XDG_CONFIG_HOME || path.join(homedir(), ".config");
  return path.join(config, "audit-db", "sign-in.json");
}

/** Whoever is signed in here; null when nobody is. @throws AppError FORBIDDEN for a file that others may read */
export function readSignIn(file = signInFile()): SignIn | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return null;
  }
  if (statSync(file).mode & 0o077)
    throw new AppError("FORBIDDEN", `${file} can be read by others.`, {
      hint: "End that session in Settings, remove the file, and run `audit-db login` again.",
    });
  const parsed = signInSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** Written beside it and put in its place, so that it never has other rights than 0600. */
export function writeSignIn(signIn: SignIn, file = signInFile()): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(signIn)}\n`, { mode: 0o600, flag: "wx" });
  renameSync(fresh, file);
}

export function removeSignIn(file = signInFile()): void {
  rmSync(file, { force: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
