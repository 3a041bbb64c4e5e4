import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { world } from "./world.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** Makes an API token with the command line, as an operator would, and answers its secret. */
export async function createToken(
  name: string,
  options: { target?: string; scope?: string } = {},
): Promise<string> {
  const args = ["scripts/audit-db.mjs", "token", "create", name, "--json"];
  if (options.target) args.push("--target", options.target);
  if (options.scope) args.push("--scope", options.scope);
  const { stdout } = await promisify(execFile)("node", args, {
    cwd: root,
    env: { ...process.env, CONSOLE_DATABASE_URL: world().consoleUrl },
  });
  return (JSON.parse(stdout) as { secret: string }).secret;
}
