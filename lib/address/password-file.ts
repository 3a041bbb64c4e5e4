import { readFileSync, statSync } from "node:fs";
import type { Address, Host } from "./types.ts";

/**
 * The password for a host: the address's own, else that of the first line of the password file that fits. A file that
 * others may read is left alone, as libpq leaves it.
 */
export function passwordFor(address: Address, { host, port, socket }: Host): string {
  if (address.password !== undefined) return address.password;
  const { passwordFile, database, user } = address;
  if (whyIgnored(passwordFile) !== undefined) return "";
  const wanted = [socket && isDefaultFolder(host) ? "localhost" : host, String(port), database, user];
  for (const line of readFileSync(passwordFile, "utf8").split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = splitFields(line);
    if (fields.length >= 5 && wanted.every((value, i) => fields[i] === "*" || unescaped(fields[i]) === value))
      return unescaped(fields[4]);
  }
  return "";
}

/** Why a password file is not read; undefined when it is. */
export function whyIgnored(file: string): string | undefined {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return "it is not a plain file";
    return (stat.mode & 0o077) === 0 ? undefined : "others may read it; run chmod 0600";
  } catch {
    return "there is none";
  }
}

export const defaultSocketFolders = ["/var/run/postgresql", "/tmp"];

function isDefaultFolder(folder: string): boolean {
  return defaultSocketFolders.includes(folder);
}

/** At colons that no backslash stands before. */
function splitFields(line: string): string[] {
  return (
    line.match(/(?:^|:)((?:\\.|[^:\\]|\\$)*)/g)?.map((field, i) => (i === 0 ? field : field.slice(1))) ?? []
  );
}

function unescaped(field = ""): string {
  return field.replace(/\\(.)/g, "$1");
}
