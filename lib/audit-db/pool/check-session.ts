import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import type { Backend } from "./connection.ts";
import { requiredSettings, type SessionUse } from "./session-settings.ts";

const statements = new Map<SessionUse, string>();

/**
 * The first statement of a session: whether what answers depend on is as we asked. The start-up packet sees to that,
 * but a pooler drops what it does not know, and some settings only a superuser chooses.
 * @returns the server's process, and since when that server runs
 * @throws AppError UNSUPPORTED that names the settings and what undoes them
 */
export async function checkSession(sql: Sql, use: SessionUse): Promise<Backend> {
  const text = statements.get(use) ?? deviationsSql(use);
  statements.set(use, text);
  const found =
    await sql.unsafe<
      { start: number; log: string | null; name: string | null; value: string; role: string }[]
    >(text);
  const deviations = found.filter(isDeviation);
  if (deviations.length > 0) throw refusal(deviations);
  const { pid, secret } = found.state as unknown as Backend;
  return { pid, secret, serverStart: Math.floor(Number(found[0]?.start)), log: found[0]?.log ?? null };
}

function deviationsSql(use: SessionUse): string {
  const rows = requiredSettings(use).map(
    ([name, accepted]) => `('${name}', array[${accepted.map((value) => `'${value}'`).join(", ")}])`,
  );
  return `select extract(epoch from pg_postmaster_start_time()) * 1000 as start,
      to_regclass('public.audit_log')::oid::text as log,
      name, current_setting(name) as value, quote_ident(session_user) as role
    from (values ${rows.join(", ")}) as required (name, accepted)
    right join (select) as session on current_setting(name) <> all (accepted)`;
}

interface Deviation {
  name: string;
  value: string;
  role: string;
}

function isDeviation<T extends { name: string | null }>(row: T): row is T & Deviation {
  return row.name !== null;
}

function refusal(found: readonly Deviation[]): AppError {
  const shown = found.map(({ name, value }) => `${name} = ${value}`).join(", ");
  return new AppError("UNSUPPORTED", `The session has ${shown}, with which answers would be wrong.`, {
    hint: found
      .map(({ name, role }) => `ALTER ROLE ${role} RESET ${name};`)
      .concat("If it is the database's setting: ALTER DATABASE … RESET …; then connect again.")
      .join(" "),
  });
}
