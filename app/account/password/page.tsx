import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { currentActor } from "@/app/session";
import { EntryFrame } from "@/app/sign-in/entry-frame";
import { buttonStyle } from "@/components/ui/button";
import { hasPassword } from "@/lib/accounts/has-password";
import { signInPath } from "@/lib/auth/own-path";
import { consoleDb } from "@/lib/db/console-db";
import { PasswordForm } from "./password-form";

export const metadata: Metadata = { title: "Change password" };

export default async function PasswordPage() {
  const actor = await currentActor();
  if (!actor) redirect(signInPath("/account/password"));
  const forced = actor.mustChangePassword;
  if (!(await hasPassword(consoleDb(), actor.id))) {
    return (
      <EntryFrame title="No password here" lead="Your account signs in through single sign-on only.">
        <Link href="/" className={buttonStyle({ variant: "secondary" })}>
          Back to the console
        </Link>
      </EntryFrame>
    );
  }
  return (
    <EntryFrame
      title={forced ? "Choose your password" : "Change your password"}
      lead={
        forced
          ? "The one-time password is no longer valid. From now on only you know how to get in."
          : "Your other sessions end when you do; this one stays."
      }
    >
      <PasswordForm email={actor.email ?? ""} forced={forced} />
    </EntryFrame>
  );
}
