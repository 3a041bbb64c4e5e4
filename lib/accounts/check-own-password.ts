import { verifyPassword } from "../auth/passwords.ts";
import { countGuess } from "../auth/throttle.ts";
import { AppError } from "../errors.ts";
import type { VerbContext } from "../verbs/admin-action.ts";
import type { UserRow } from "./guards.ts";

/**
 * Whether whoever sits at an open session knows its password: whoever merely found it open must not be able to guess on,
 * so that there are five tries a quarter hour, wherever the password is asked for.
 * @param refuse makes the error of the words for the field
 * @throws AppError CONFLICT for an account without a password here, else what `refuse` makes
 */
export async function checkOwnPassword(
  { console }: VerbContext,
  user: UserRow,
  typed: string,
  refuse: (message: string) => AppError,
): Promise<void> {
  if (!user.passwordHash)
    throw new AppError("CONFLICT", "This account signs in through single sign-on and has no password here.");
  // Outside the transaction: the refusal rolls that back, the count must stay.
  const guess = await countGuess(console.db, { account: `own password of ${user.id}`, address: null }).catch(
    (thrown: unknown) => {
      const refused = thrown instanceof AppError && thrown.code === "RATE_LIMITED";
      throw refused ? refuse("Too many wrong tries. Wait 15 minutes.") : thrown;
    },
  );
  if (!(await verifyPassword(user.passwordHash, typed))) throw refuse("The present password is wrong.");
  await guess.takeBack();
}
