"use client";

import Link from "next/link";
import { type FormEvent, useEffect, useState, useTransition } from "react";
import { act } from "@/app/actions/act";
import { Button, buttonStyle } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/input";
import { StateIcon } from "@/components/ui/state-badge";
import { postAuth } from "@/lib/client/auth-requests";

type Problems = Partial<Record<"current" | "next" | "again" | "form", string>>;

/** `forced`: somebody with a one-time password, who can do nothing else before. */
export function PasswordForm({ email, forced }: { email: string; forced: boolean }) {
  const [problems, setProblems] = useState<Problems>({});
  const [pending, startTransition] = useTransition();
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name));
    if (text("next") !== text("again")) {
      setProblems({ again: "The two do not match." });
      return;
    }
    startTransition(async () => {
      const input = { current: text("current"), next: text("next") };
      const result = await act("changePassword", input).catch(() => null);
      if (result?.ok) {
        window.location.assign("/");
        return;
      }
      if (result?.error.code === "UNAUTHENTICATED") window.location.assign("/sign-in");
      const { fields, message } = result?.error ?? { message: "The console does not answer. Try again." };
      setProblems(fields ?? { form: message });
    });
  }

  return (
    <form method="post" onSubmit={submit} className="grid gap-4">
      {problems.form && (
        <p role="alert" className="flex gap-2 rounded-md bg-critical-soft px-3 py-2.5 text-sm text-critical">
          <StateIcon state="critical" className="mt-px" />
          {problems.form}
        </p>
      )}
      {/* Lets password managers know whose password this is. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <PasswordField
        name="current"
        label={forced ? "One-time password" : "Present password"}
        autoComplete="current-password"
        problem={problems.current}
        autoFocus
      />
      <PasswordField
        name="next"
        label="New password"
        autoComplete="new-password"
        hint="At least 12 characters. A few words in a row do well."
        problem={problems.next}
      />
      <PasswordField
        name="again"
        label="New password, once more"
        autoComplete="new-password"
        problem={problems.again}
      />
      <Button type="submit" variant="primary" className="mt-1 h-10" disabled={!ready} pending={pending}>
        {pending ? "Saving" : "Save password"}
      </Button>
      {forced ? (
        <Button
          variant="ghost"
          className="h-9"
          disabled={!ready}
          onClick={() => void postAuth("signout", {}).then(() => window.location.assign("/sign-in"))}
        >
          Sign out
        </Button>
      ) : (
        <Link href="/" className={buttonStyle({ variant: "ghost" })}>
          Back to the console
        </Link>
      )}
    </form>
  );
}

interface PasswordFieldProps {
  name: string;
  label: string;
  autoComplete: string;
  hint?: string;
  problem?: string | undefined;
  autoFocus?: boolean;
}

function PasswordField({ name, label, hint, problem, ...rest }: PasswordFieldProps) {
  return (
    <Field label={label} htmlFor={name} {...(hint && { hint })} {...(problem && { problem })}>
      <Input
        id={name}
        name={name}
        type="password"
        required
        className="h-10"
        aria-invalid={problem ? true : undefined}
        {...rest}
      />
    </Field>
  );
}
