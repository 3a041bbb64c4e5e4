import type { Role } from "../env/sign-in-variables.ts";

/** Somebody with an account. */
export interface Person {
  id: string;
  email: string;
}

/** Who acts: a signed-in person, an API token, or the product itself (command line, schedules). */
export interface Actor {
  kind: "user" | "token" | "system";
  /** User id, token id, or the system part's name. */
  id: string;
  /** What people call them: the person's name or the token's. */
  name: string;
  /** Only people have one. */
  email: string | null;
  /** Who answers for it: the person themselves, or whoever made the token; null for the product and for tokens of the command line. */
  person: Person | null;
  /** As it stood in the database when this actor was read; a token acts with the role of its scope. */
  role: Role;
  /** What a token is for, as far as its creator's present role still reaches; people and the product have none. */
  scopes?: readonly string[];
  /** The browser session, for people. */
  sessionId: string | null;
  /** When the person behind the session last proved that it is they; null when never, and for everybody else. */
  reauthenticatedAt: Date | null;
  /** Targets it is limited to; null means every target. */
  targets: readonly string[] | null;
  /** Signed in with a one-time password: may do nothing but change it. */
  mustChangePassword: boolean;
  ip: string | null;
  /** Read up to five minutes ago, because the console database cannot be used now: no changes, no rows of people. */
  remembered?: boolean;
}

/** The product itself, with an administrator's rights: the command line and schedules. */
export function systemActor(name: string): Actor {
  return {
    kind: "system",
    id: name,
    name,
    email: null,
    person: null,
    role: "admin",
    sessionId: null,
    reauthenticatedAt: null,
    targets: null,
    mustChangePassword: false,
    ip: null,
  };
}
