import { z } from "zod";
import { AppError } from "../../errors.ts";
import { textInput } from "../../inputs.ts";
import { requireVault } from "../require-vault.ts";

/** A person's id as the application has it. It is kept nowhere: no record, no address, no job has it. */
export const personInput = textInput(1_000).min(1);

/** The same person as the vault knows them. */
export const subjectInput = z.uuid();

/** What an erasure names: a policy of the target's, or `?` for what waits in quarantine under unknown ones. */
export const policyInput = z
  .string()
  .regex(/^([a-z][a-z0-9_]{0,30}|\?)$/, "must be a retention policy, or ?");

/** Who somebody is inside the vault. @throws AppError UNSUPPORTED without one, NOT_FOUND for whom it does not know */
export async function requireSubject(person: string): Promise<string> {
  const [subject] = await requireVault().subjectsOf([person]);
  if (subject) return subject;
  throw new AppError("NOT_FOUND", "This console has no key of such a person.", {
    hint: "They stand in no event under this id, or all that was theirs is erased. Check how the application writes it.",
  });
}
