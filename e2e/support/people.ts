import { uuidV7 } from "../../lib/audit-db/uuid-v7.ts";
import { hashPassword } from "../../lib/auth/passwords.ts";
import type { ConsoleDb } from "../../lib/db/console-db.ts";
import { schema } from "../../lib/db/schema.ts";
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
  for (const role of ["operator", "viewer"] as const) {
    const { email, password } = people[role];
    await console.db.insert(schema.users).values({
      id: uuidV7(),
      email,
      name: role,
      role,
      passwordHash: await hashPassword(password),
      mustChangePassword: false,
    });
  }
}
