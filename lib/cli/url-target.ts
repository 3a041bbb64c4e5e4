import type { Target } from "../env/targets.ts";
import { AppError } from "../errors.ts";

/** `--url` as a target. @throws AppError BAD_INPUT, without the URL in its text. */
export function urlTarget(url: string): Target {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
    throw new AppError("BAD_INPUT", "--url is not a PostgreSQL URL.", {
      hint: "It reads postgres://role:password@host:5432/database; write special characters of the password as %XX.",
    });
  return { name: databaseOf(url), watchUrl: url, replicaUrls: [], demo: false };
}

/** The database a URL names; the role's own name when it names none, as PostgreSQL has it. */
export function databaseOf(url: string): string {
  const { pathname, username } = new URL(url);
  return decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username) || "postgres";
}
