import type { CheckObject } from "../check.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import type { SettingOverride } from "./read-settings.ts";

/** Whom a setting was put on: "role app in database shop". */
export function whose({ database, role }: SettingOverride): string {
  const parts = [role && `role ${role}`, database && `database ${database}`].filter(Boolean);
  return parts.join(" in ") || "every role";
}

export function overrideObject({ database, role }: SettingOverride): CheckObject {
  if (role && database) return { kind: "role", name: `${role}@${database}` };
  return role ? { kind: "role", name: role } : { kind: "database", name: database ?? "*" };
}

/** The statement that takes it back. */
export function resetOverride({ name, database, role }: SettingOverride): string {
  const within = database ? ` IN DATABASE ${quoteIdentifier(database)}` : "";
  if (role) return `ALTER ROLE ${quoteIdentifier(role)}${within} RESET ${name};`;
  return database
    ? `ALTER DATABASE ${quoteIdentifier(database)} RESET ${name};`
    : `ALTER ROLE ALL RESET ${name};`;
}
