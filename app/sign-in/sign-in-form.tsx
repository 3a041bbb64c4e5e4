"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/input";
import { StateIcon } from "@/components/ui/state-badge";
import { postAuth } from "@/lib/client/auth-requests";
import { signInWords } from "./sign-in-words";

interface SignInFormProps {
  /** A path of ours. */
  returnTo: string;
  /** Label of the single sign-on button; null when none is configured. */
  provider: string | null;
  /** Code of what went wrong before, e.g. at the provider. */
  error: string | null;
}

export function SignInForm({ returnTo, provider, error }: SignInFormProps) {
  const [problem, setProblem] = useState(error);
  const [pending, setPending] = useState<"password" | "provider" | null>(null);
  const [shown, setShown] = useState(false);
  // Until React listens, a click would send the form the browser's way, with the password in the address.
  const [ready, setReady] = useState(false);
  const passwordRef = useRef<HTMLInputElement>(null);
  useEffect(() => setReady(true), []);

  async function send(way: "password" | "provider", path: string, fields: Record<string, string>) {
    if (pending) return;
    setProblem(null);
    setPending(way);
    const answer = await postAuth(path, { ...fields, callbackUrl: returnTo });
    if ("url" in answer) {
      // A full load: the page that follows brings its own policy and session.
      window.location.assign(way === "provider" ? answer.url : returnTo);
      return;
    }
    setPending(null);
    setProblem(answer.error);
    passwordRef.current?.select();
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void send("password", "callback/credentials", {
      email: String(form.get("email")),
      password: String(form.get("password")),
    });
  }

  const wrong = problem === "UNAUTHENTICATED";
  return (
    <div className="grid gap-5">
      {problem && (
        <p
          role="alert"
          id="sign-in-problem"
          className="flex gap-2 rounded-md bg-critical-soft px-3 py-2.5 text-sm text-critical"
        >
          <StateIcon state="critical" className="mt-px" />
          {signInWords(problem)}
        </p>
      )}
      <form method="post" onSubmit={submit} className="grid gap-4">
        <Field label="E-mail" htmlFor="email">
          <Input
            id="email"
            name="email"
            type="email"
            autoComplete="username"
            autoFocus
            required
            className="h-10"
            aria-invalid={wrong || undefined}
            aria-describedby={problem ? "sign-in-problem" : undefined}
          />
        </Field>
        <Field label="Password" htmlFor="password">
          <div className="relative">
            <Input
              ref={passwordRef}
              id="password"
              name="password"
              type={shown ? "text" : "password"}
              autoComplete="current-password"
              required
              className="h-10 pr-16"
              aria-invalid={wrong || undefined}
              aria-describedby={problem ? "sign-in-problem" : undefined}
            />
            <button
              type="button"
              aria-label={shown ? "Hide password" : "Show password"}
              onClick={() => setShown(!shown)}
              className="absolute inset-y-1 right-1 rounded-sm px-2.5 text-sm text-muted hover:bg-hover hover:text-ink"
            >
              {shown ? "Hide" : "Show"}
            </button>
          </div>
        </Field>
        <Button
          type="submit"
          variant="primary"
          className="mt-1 h-10"
          disabled={!ready}
          pending={pending === "password"}
        >
          {pending === "password" ? "Signing in" : "Sign in"}
        </Button>
      </form>
      {provider && (
        <>
          <div className="flex items-center gap-3 text-xs text-faint">
            <span className="h-px grow bg-hairline" />
            or
            <span className="h-px grow bg-hairline" />
          </div>
          <Button
            className="h-10"
            disabled={!ready}
            pending={pending === "provider"}
            onClick={() => void send("provider", "signin/oidc", {})}
          >
            {provider}
          </Button>
        </>
      )}
    </div>
  );
}
