import { understand } from "../../audit-db/pool/understand.ts";
import type { Target } from "../../env/targets.ts";
import { AppError } from "../../errors.ts";

/** `--url` as a target. @throws AppError BAD_INPUT, without the URL in its text. */
export function urlTarget(url: string): Target {
  try {
    return { name: databaseOf(url), watchUrl: url, replicaUrls: [], demo: false };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const { code, hint, message } = thrown;
    throw new AppError(code, `--url: ${message}`, hint === undefined ? {} : { hint });
  }
}

/** The database a URL names, or its service; the role's own name when neither does, as PostgreSQL has it. */
export function databaseOf(url: string): string {
  return understand(url).database;
}
