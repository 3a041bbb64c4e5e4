import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import { quoteIdentifier } from "../../quote-sql.ts";

const groupRoles = ["audit_writer", "audit_reader", "audit_maintainer", "audit_privacy"];

/**
 * Whether the connected role may migrate, asked before the first statement so that nothing stops half-way.
 * @throws AppError FORBIDDEN naming what is missing, with the SQL that grants it as its hint.
 */
export async function checkMigrator(sql: Sql, schemaExists: boolean): Promise<void> {
  const [role] = await sql<
    {
      name: string;
      database: string;
      superuser: boolean;
      createRole: boolean;
      hasSchema: boolean;
      createInSchema: boolean;
      missingRoles: number;
      maintainer: boolean;
    }[]
  >`
    select current_user as name, current_database() as database, rolsuper as superuser,
           rolcreaterole as "createRole",
           to_regnamespace('public') is not null as "hasSchema",
           coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false) as "createInSchema",
           ${groupRoles.length} - (select count(*)::int from pg_roles
             where rolname in ('audit_writer', 'audit_reader', 'audit_maintainer', 'audit_privacy')) as "missingRoles",
           coalesce((select pg_has_role(current_user, oid, 'member') from pg_roles
             where rolname = 'audit_maintainer'), false) as maintainer
    from pg_roles where rolname = current_user`;
  if (!role || role.superuser) return;
  const lacks: string[] = [];
  const remedy: string[] = [];
  const me = quoteIdentifier(role.name);
  if (!role.hasSchema) {
    lacks.push("a schema named public in this database");
    remedy.push("CREATE SCHEMA public;");
  }
  if (!role.createInSchema && !schemaExists) {
    lacks.push("CREATE on schema public");
    remedy.push(`GRANT CREATE ON SCHEMA public TO ${me} WITH GRANT OPTION;`);
  }
  if (role.missingRoles > 0 && !role.createRole) {
    lacks.push("CREATEROLE, to make the group roles");
    remedy.push(`ALTER ROLE ${me} CREATEROLE;`);
  } else if (!role.maintainer && !role.createRole) {
    lacks.push("membership of audit_maintainer");
    remedy.push(`GRANT audit_maintainer TO ${me};`);
  }
  if (lacks.length > 0) {
    throw new AppError("FORBIDDEN", `The role ${role.name} lacks ${lacks.join(" and ")}.`, {
      hint: `As a superuser, connected to ${role.database}: ${remedy.join(" ")}`,
    });
  }
}
