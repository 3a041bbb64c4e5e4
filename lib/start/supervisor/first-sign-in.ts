import { ensureFirstAdmin } from "../../auth/first-admin.ts";
import { openConsoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { Refusal } from "../refusal.ts";

const defaultEmail = "admin@localhost";

/**
 * Makes the first administrator where there is nobody yet.
 * @returns how to sign in, for the terminal; a one-time password is in it only when it was made just now
 * @throws Refusal (exit 2) when the given password is too weak
 */
export async function firstSignIn(
  consoleUrl: string,
  given: { email?: string | undefined; password?: string | undefined },
): Promise<{ text: string; holdsPassword: boolean }> {
  const console = openConsoleDb(consoleUrl, { max: 1 });
  try {
    const admin = await ensureFirstAdmin(
      { email: given.email ?? defaultEmail, ...(given.password && { password: given.password }) },
      console,
    );
    if (admin.oneTimePassword) {
      return {
        text: `sign in as ${admin.email} with the one-time password ${admin.oneTimePassword} (shown only now)`,
        holdsPassword: true,
      };
    }
    if (admin.created) return { text: `sign in as ${admin.email} with ADMIN_PASSWORD`, holdsPassword: false };
    const [first] = await console.sql<{ email: string }[]>`
      select email from users where role = 'admin' order by created_at limit 1`;
    return {
      text: first
        ? `sign in as ${first.email} (password lost: npm run -s cli -- user reset-password ${first.email})`
        : "sign in with your account",
      holdsPassword: false,
    };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "BAD_INPUT") {
      throw new Refusal(
        `ADMIN_PASSWORD cannot be used: ${thrown.message} Choose another and start again.`,
        2,
      );
    }
    throw thrown;
  } finally {
    await console.close();
  }
}
