import { randomInt } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { AppError } from "../errors.ts";
import { isGuessable } from "./guessable-passwords.ts";

/** OWASP's argon2id minimum: 19 MiB, two passes, one lane; about 25 ms here. */
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const minLength = 12;
/** argon2 takes any length; a limit keeps a request from being work. */
export const maxPasswordLength = 256;

/** argon2id in PHC string form. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFC"), cost);
}

let decoy: Promise<string> | undefined;

/** Whether the password fits. Without a hash it does the same work and answers false, so that time tells nothing. */
export async function verifyPassword(storedHash: string | null, password: string): Promise<boolean> {
  if (password.length > maxPasswordLength) return false;
  decoy ??= hashPassword("there is no such account");
  const fits = await verify(storedHash ?? (await decoy), password.normalize("NFC"));
  return fits && storedHash !== null;
}

/** What is wrong with a new password, in words; null when it will do. */
export async function passwordProblem(password: string, email: string): Promise<string | null> {
  const length = [...password].length;
  if (length < minLength) return `Use at least ${minLength} characters.`;
  if (password.length > maxPasswordLength) return `Use at most ${maxPasswordLength} characters.`;
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const bare = plain(password);
  const account = plain(email.split("@")[0] ?? "");
  if (bare === plain(email) || bare === account + account) return "Do not use your e-mail address.";
  if (account.length >= 3 && bare.replaceAll(account, "").length < 6) {
    return "Too close to your e-mail address.";
  }
  if (new Set(bare).size < 5) return "Use more different characters.";
  // Letters and digits alone: decoration does not help.
  if (await isGuessable(bare)) return "This is one of the first passwords anybody would try.";
  return null;
}

/** @throws AppError BAD_INPUT on the field `password`. */
export async function assertPassword(password: string, email: string, field = "password"): Promise<void> {
  const problem = await passwordProblem(password, email);
  if (problem) throw new AppError("BAD_INPUT", problem, { fields: { [field]: problem } });
}

/** No letters or digits that are mistaken for one another. */
const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

/** Four groups of five, 100 bits: to be read out, typed once and changed. */
export function oneTimePassword(): string {
  const group = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return [group(), group(), group(), group()].join("-");
}
