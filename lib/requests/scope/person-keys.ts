import type { ConsoleDb } from "../../db/console-db.ts";
import { readPeople } from "../../holds/read-people.ts";
import { listSubjectKeys, type SubjectKey } from "../../key-store/subject-keys.ts";
import { requireVault } from "../../privacy/require-vault.ts";
import { type RequestRow, withRequestPerson } from "../read-request.ts";

/** Whose events a request is about, as keys tell: nothing that names the person outside of the vault. */
export interface PersonKeys {
  /**
   * Whose events count; none: of every organisation. Of an erasure always all: a key goes with everything under it,
   * whichever organisation's.
   */
  organizations: string[];
  keys: SubjectKey[];
  /** Art. 18 GDPR: of one of their subjects at least. */
  restricted: boolean;
}

/**
 * Every living key of the person, found by the identifiers by which events name people. A person whom the vault does not
 * know has none: they stand in no event under it, or all of theirs is erased.
 * @throws AppError NOT_FOUND once what the request said of the person was destroyed; UNSUPPORTED without master keys
 */
export async function readPersonKeys(
  { db, sql }: Pick<ConsoleDb, "db" | "sql">,
  request: Pick<RequestRow, "id" | "number" | "sealed" | "kind" | "organizations">,
): Promise<PersonKeys> {
  const found = await withRequestPerson(db, request, ({ identifiers }) =>
    requireVault().subjectsOf(identifiers.filter(({ kind }) => kind === "id").map(({ value }) => value)),
  );
  const subjects = [...new Set(found.filter((subject) => subject !== null))];
  const keys: SubjectKey[] = [];
  for (const subject of subjects) keys.push(...(await listSubjectKeys(sql, subject)));
  const tokens = keys.map(({ token }) => token);
  const people = await readPeople(db, { tokens, subjects: [] });
  return {
    organizations: request.kind === "erasure" ? [] : request.organizations,
    keys,
    restricted: tokens.some(people.isRestricted),
  };
}

/** Those under which events of a target may stand: an old key is of none, and so of each. */
export function keysOn(keys: readonly SubjectKey[], target: string): SubjectKey[] {
  return keys.filter((key) => key.target === null || key.target === target);
}
