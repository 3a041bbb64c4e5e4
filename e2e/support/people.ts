import { uuidV7 } from "../../lib/audit-db/append/uuid-v7.ts";
import { hashPassword } from "../../lib/auth/passwords.ts";
import type { ConsoleDb } from "../../lib/db/console-db.ts";
import { schema } from "../../lib/db/schema.ts";
import type { Role } from "../../lib/env/sign-in-variables.ts";
import type { OidcAccount } from "../../lib/testing/oidc-provider.ts";
import type { World } from "./world.ts";

/** Accounts the specs sign in with; the administrator is the product's own first one. */
export const people: World["people"] = {
  admin: { email: "admin@example.test", password: "correct-horse-admin-7" },
  operator: { email: "operator@example.test", password: "correct-horse-operator-7" },
  viewer: { email: "viewer@example.test", password: "correct-horse-viewer-7" },
};

/** Who the single sign-on provider knows: subject, typed as its login, → claims. */
export const oidcAccounts: Record<string, OidcAccount> = {
  newcomer: { email: "newcomer@example.test", email_verified: true, name: "Nora Newcomer" },
  pretender: { email: people.admin.email, email_verified: false, name: "Petr Pretender" },
};

export async function createPeople(console: ConsoleDb): Promise<void> {
  for (const role of ["operator", "viewer"] as const) await addPerson(console, { role, ...people[role] });
}

/** An account with this password; with `oneTime` it must be changed at the first sign-in. */
export async function addPerson(
  console: ConsoleDb,
  given: { email: string; password: string; role: Role; name?: string; oneTime?: boolean },
): Promise<string> {
  const id = uuidV7();
  await console.db.insert(schema.users).values({
    id,
    email: given.email,
    name: given.name ?? given.role,
    role: given.role,
    passwordHash: await hashPassword(given.password),
    mustChangePassword: given.oneTime ?? false,
  });
  return id;
}
