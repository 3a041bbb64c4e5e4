"use client";

import { useId, useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import type { Role } from "@/lib/env/sign-in-variables.ts";
import type { Secret } from "./one-time-secret.tsx";
import { roleOptions, roleRights } from "./role-options.ts";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSecret: (secret: Secret) => void;
}

export function CreateUserDialog({ open, onOpenChange, onSecret }: DialogProps) {
  const [role, setRole] = useState<Role>("viewer");
  const create = useAdminAction("createUser", { toastErrors: false });
  const id = useId();
  const problems = create.error?.fields ?? {};
  const close = () => {
    create.clearError();
    setRole("viewer");
    onOpenChange(false);
  };
  async function submit(form: HTMLFormElement) {
    const typed = new FormData(form);
    const made = await create.run({
      email: String(typed.get("email")),
      name: String(typed.get("name")),
      role,
    });
    if (!made) return;
    close();
    onSecret({
      title: `${made.email} now has access`,
      lead: "Give them this one-time password over a channel you trust. They choose their own at the first sign-in.",
      label: "One-time password",
      secret: made.oneTimePassword,
    });
  }
  return (
    <FormDialog
      open={open}
      title="Add a person"
      size="sm"
      verb="Create the account"
      pending={create.pending}
      problem={Object.keys(problems).length === 0 && errorWords(create.error)}
      onSubmit={submit}
      onClose={close}
    >
      <Field label="E-mail" htmlFor={`${id}-email`} {...(problems.email && { problem: problems.email })}>
        <Input
          id={`${id}-email`}
          name="email"
          type="email"
          required
          autoComplete="off"
          aria-invalid={problems.email ? true : undefined}
        />
      </Field>
      <Field label="Name" htmlFor={`${id}-name`} {...(problems.name && { problem: problems.name })}>
        <Input id={`${id}-name`} name="name" required maxLength={200} autoComplete="off" />
      </Field>
      <Field label="Role" htmlFor={`${id}-role`} hint={roleRights[role]}>
        <Select id={`${id}-role`} label="Role" value={role} onChange={setRole} options={roleOptions} />
      </Field>
    </FormDialog>
  );
}
