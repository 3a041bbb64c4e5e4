import type { Sql } from "postgres";

export interface Login {
  role: string;
  password: string;
  memberOf: string[];
}

/** A login role with these memberships, made or brought up to date. `admin` is a superuser's connection. */
export async function ensureLogin(admin: Sql, login: Login): Promise<void> {
  const name = admin(login.role);
  const known = await admin`select 1 from pg_roles where rolname = ${login.role}`;
  if (known.length === 0) await admin`create role ${name} login`;
  // Utility statements take no parameters; format() quotes as the server does.
  const [statement] = await admin<{ text: string }[]>`
    select format('alter role %I login password %L', ${login.role}::text, ${login.password}::text) as text`;
  if (statement) await admin.unsafe(statement.text);
  for (const group of login.memberOf) await admin`grant ${admin(group)} to ${name}`;
}

/** A database owned by a role, made when it is not there. @returns whether it was made */
export async function ensureDatabase(admin: Sql, name: string, owner?: string): Promise<boolean> {
  const known = await admin`select 1 from pg_database where datname = ${name}`;
  if (known.length > 0) return false;
  await admin`create database ${admin(name)}`;
  if (owner) await admin`alter database ${admin(name)} owner to ${admin(owner)}`;
  await admin`revoke all on database ${admin(name)} from public`;
  return true;
}
