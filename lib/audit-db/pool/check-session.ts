import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import type { Backend } from "./connection.ts";
import { requiredSettings, type SessionUse } from "./session-settings.ts";

const statements = new Map<SessionUse, string>();

/**
 * The first statement of a session: whether what answers depend on is as we asked. The start-up packet sees to that,
 * but a pooler drops what it does not know, and some settings only a superuser chooses.
 * @returns the server's process
 * @throws AppError UNSUPPORTED that names the settings and what undoes them
 */
export async function checkSession(sql: Sql, use: SessionUse): Promise<Backend> {
  const text = statements.get(use) ?? deviationsSql(use);
  statements.set(use, text);
  const found = await sql.unsafe<{ name: string; value: string; role: string }[]>(text);
  if (found.length > 0) throw refusal(found);
  return found.state as unknown as Backend;
}

function deviationsSql(use: SessionUse): string {
  const rows = requiredSettings(use).map(
    ([name, accepted]) => `('${name}', array[${accepted.map((value) => `'${value}'`).join(", ")}])`,
  );
  return `select name, current_setting(name) as value, quote_ident(session_user) as role
    from (values ${rows.join(", ")}) as required (name, accepted) where current_setting(name) <> all (accepted)`;
}

function refusal(found: readonly { name: string; value: string; role: string }[]): AppError {
  const shown = found.map(({ name, value }) => `${name} = ${value}`).join(", ");
  return new AppError("UNSUPPORTED", `The session has ${shown}, with which answers would be wrong.`, {
    hint: found
      .map(({ name, role }) => `ALTER ROLE ${role} RESET ${name};`)
      .concat("If it is the database's setting: ALTER DATABASE … RESET …; then connect again.")
      .join(" "),
  });
}
