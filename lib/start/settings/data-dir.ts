import { accessSync, constants, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Refusal } from "../refusal.ts";

/**
 * Makes the data folder and proves that it can be written.
 * @throws Refusal naming the folder, who owns it and what to do.
 */
export function prepareDataDir(dataDir: string): void {
  try {
    // Traversable, not readable, by others: as root the embedded servers run as another user.
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    const probe = path.join(dataDir, `.write-probe-${process.pid}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code ?? "unknown error";
    throw new Refusal(
      `The data folder ${dataDir} cannot be written (${explain(code)}${owner(dataDir)}). ` +
        "Give this user the folder (chown), or set DATA_DIR to a folder that it may write, and start again.",
    );
  }
}

function explain(code: string): string {
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "EROFS") return "the file system is read-only";
  if (code === "ENOSPC" || code === "EDQUOT") return "the disk is full";
  if (code === "ENOTDIR" || code === "EEXIST") return "a file stands in its place";
  return code;
}

function owner(dataDir: string): string {
  try {
    return `; it belongs to user id ${statSync(dataDir).uid}, this is user id ${process.getuid?.() ?? "unknown"}`;
  } catch {
    return "";
  }
}
