"use client";

import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
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
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const made = await create.run({ email: String(form.get("email")), name: String(form.get("name")), role });
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
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
      title="Add a person"
      size="sm"
      locked={create.pending}
      footer={
        <>
          <Button onClick={close} disabled={create.pending}>
            Cancel
          </Button>
          <Button type="submit" form={id} variant="primary" pending={create.pending}>
            Create the account
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} className="grid gap-4">
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
        {create.error && Object.keys(problems).length === 0 && (
          <p role="alert" className="text-sm text-critical">
            {create.error.message}
          </p>
        )}
      </form>
    </Dialog>
  );
}
