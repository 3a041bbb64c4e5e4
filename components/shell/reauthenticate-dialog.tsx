"use client";

/** Asks whoever sits there for the password again, once an action needs it; the action then goes on by itself. */
import { useId, useState, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import { proveAtProvider, proveByPassword, reauthentication } from "@/lib/client/reauthentication.ts";
import { useConsole } from "./console-context.tsx";

export function ReauthenticateDialog() {
  const { person, provider } = useConsole();
  const asked = useSyncExternalStore(reauthentication.subscribe, reauthentication.isAsked, () => false);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();

  function end(proven: boolean) {
    setProblem(null);
    reauthentication.settle(proven);
  }

  async function submit(form: HTMLFormElement) {
    setPending(true);
    const failure = await proveByPassword(String(new FormData(form).get("password")));
    setPending(false);
    if (failure) setProblem(failure.message);
    else end(true);
  }

  async function leave() {
    setPending(true);
    const failure = await proveAtProvider();
    // On the way to the provider it stays as it is.
    if (failure === null) return;
    setPending(false);
    setProblem(failure);
  }

  return (
    <FormDialog
      open={asked}
      title="Confirm that it is you"
      description={`Signed in as ${person.email ?? person.name}. Good for five minutes.`}
      size="sm"
      verb="Confirm"
      pending={pending}
      onSubmit={submit}
      onClose={() => end(false)}
    >
      <Field label="Password" htmlFor={`${id}-password`} {...(problem && { problem })}>
        <Input
          id={`${id}-password`}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          aria-invalid={problem !== null || undefined}
        />
      </Field>
      {provider && (
        <Button onClick={() => void leave()} disabled={pending}>
          {provider}
        </Button>
      )}
    </FormDialog>
  );
}
