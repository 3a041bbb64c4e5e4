import { readFileSync } from "node:fs";
import path from "node:path";
import { parameters } from "./parameters.ts";
import { refuseAddress } from "./refuse.ts";
import type { LibpqEnvironment } from "./types.ts";

/**
 * The keywords of a service, from the first file that has it: the one named, else `~/.pg_service.conf`, then
 * `$PGSYSCONFDIR/pg_service.conf`.
 * @throws AppError BAD_INPUT when no file has it, or one cannot be read
 */
export function readService(
  service: string,
  named: string | undefined,
  home: string,
  environment: LibpqEnvironment,
): Map<string, string> {
  const own = named ?? path.join(home, ".pg_service.conf");
  const system = path.join(environment.PGSYSCONFDIR ?? "/etc/postgresql-common", "pg_service.conf");
  for (const file of [own, system]) {
    const text = readText(file, file === named);
    const found = text === undefined ? undefined : findSection(text, service, file);
    if (found) return found;
  }
  throw refuseAddress(
    `The service ${service} is in no service file.`,
    `Files looked into: ${own}, ${system}.`,
  );
}

function readText(file: string, must: boolean): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    if (must) throw refuseAddress(`The service file ${file} cannot be read.`);
    return undefined;
  }
}

function findSection(text: string, service: string, file: string): Map<string, string> | undefined {
  let found: Map<string, string> | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      if (found) return found;
      if (line.slice(1).startsWith(`${service}]`)) found = new Map();
      continue;
    }
    if (!found) continue;
    const at = line.indexOf("=");
    const keyword = line.slice(0, Math.max(0, at)).trim();
    // No word of the line itself: it may be the password.
    if (at < 0 || !(keyword in parameters) || keyword === "service")
      throw refuseAddress(`Line ${index + 1} of the service file ${file} names no connection parameter.`);
    if (!found.has(keyword)) found.set(keyword, line.slice(at + 1).trim());
  }
  return found;
}
